"""`python -m eval.benchmarks`: what is no measurement is told before anything is installed."""

import pytest

from eval.benchmarks.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["peers", "--papers", "no/such/folder"], "`no/such/folder` is no folder"),
        (["scale", "--passages", "0"], "`0` is no whole number from 1 on"),
        (["peers", "--rounds", "some"], "`some` is no whole number from 1 on"),
    ],
)
def test_bad_arguments_are_usage_errors(capsys, arguments, why):
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert why in capsys.readouterr().err
