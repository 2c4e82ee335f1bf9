"""Train the scorer of support, and write `assistant/support.safetensors` and `support.json`.

    python -m eval.training.support --data FOLDER --minutes 150

`FOLDER` holds `own_paraphrases.jsonl` and the public sets (`python -m eval.training.fetch`). Of
both, every other paper or source is held out: on these the scale is fitted and figures may be
measured. `eval/training/seen.txt` tells what was seen. torch is needed: `pip install '.[train]'`.
A training that was broken off goes on from its `--checkpoint`.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from json import dumps
from pathlib import Path

import assistant.support
from assistant.support_weights import quantised
from eval.fingerprints import fingerprint
from eval.training.support.calibrating import fitted_scale
from eval.training.support.fitting import fit
from eval.training.support.mixture import Mixture
from eval.training.support.network import TrainedNetwork
from eval.training.support.rows import PARAPHRASES, SHIPPABLE, rows


def main() -> None:
    """Train, write, calibrate, write again."""
    from safetensors.numpy import save_file

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="JSON lines")
    parser.add_argument("--minutes", type=float, default=150)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--checkpoint", type=Path, default=Path("support.pt"))
    arguments = parser.parse_args()
    network = TrainedNetwork(seed=arguments.seed)
    mixture = Mixture(arguments.data, seed=arguments.seed)
    fit(network, mixture, minutes=arguments.minutes, checkpoint=arguments.checkpoint, say=print)
    folder = Path(assistant.support.__file__).parent
    save_file(quantised(network.stored()), folder / "support.safetensors")
    scale = dumps(asdict(fitted_scale(arguments.data)), indent=2)
    (folder / "support.json").write_text(f"{scale}\n", encoding="ascii")
    seen = "\n".join(sorted(_seen(arguments.data)))
    Path(__file__).parents[1].joinpath("seen.txt").write_text(f"{seen}\n", encoding="ascii")


def _seen(data: Path) -> set[str]:
    """Give the fingerprints of all sources and claims of `data` that are not held out."""
    seen = [row for name in (PARAPHRASES, *SHIPPABLE) for row in rows(data, name, held_out=False)]
    return {fingerprint(text) for row in seen for text in (row.text, row.claim)}


if __name__ == "__main__":
    main()
