"""The settings, from the environment and from options."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.settings import SettingError, Settings


def test_option_goes_before_the_environment() -> None:
    settings = Settings.read({"FOOTNOTE_HOME": "/from/environment"}, home=Path("/from/option"))
    assert settings.home == Path("/from/option")


def test_home_of_the_environment_goes_before_the_platforms_folder() -> None:
    assert Settings.read({"FOOTNOTE_HOME": "/some/where"}).home == Path("/some/where")


@pytest.mark.parametrize("environment", [{}, {"FOOTNOTE_HOME": ""}])
def test_without_a_home_it_is_the_platforms_folder(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert Settings.read(environment).home.name == "footnote"
    assert Settings.read(environment).home.is_absolute()


def test_tilde_means_the_users_folder_in_option_and_environment_alike() -> None:
    expected = Path("~/papers").expanduser()
    assert Settings.read({}, home=Path("~/papers")).home == expected
    assert Settings.read({"FOOTNOTE_HOME": "~/papers"}).home == expected


def test_tilde_of_a_user_who_is_not_there_is_an_error_with_a_hint() -> None:
    with pytest.raises(SettingError, match="no-such-user-here") as caught:
        Settings.read({}, home=Path("~no-such-user-here/papers"))
    assert "--home" in caught.value.hint


def test_today_is_the_day_of_the_moment_given() -> None:
    assert Settings.read({"FOOTNOTE_NOW": "2025-10-30T23:59"}).today == date(2025, 10, 30)
    assert Settings.read({"FOOTNOTE_NOW": "2025-10-30"}).today == date(2025, 10, 30)


def test_zone_decides_what_today_is() -> None:
    east = Settings.read({"FOOTNOTE_TIMEZONE": "Pacific/Kiritimati"}).now
    west = Settings.read({"FOOTNOTE_TIMEZONE": "Pacific/Pago_Pago"}).now
    assert (east.date() - west.date()).days >= 1


@pytest.mark.parametrize("moment", ["tomorrow", "2025-13-01", "30.10.2025"])
def test_moment_that_is_none_is_an_error_that_names_it(moment: str) -> None:
    with pytest.raises(SettingError, match="FOOTNOTE_NOW") as caught:
        Settings.read({"FOOTNOTE_NOW": moment})
    assert f"`{moment}`" in str(caught.value)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "/etc", "Europe", "a\0b"])
def test_zone_that_is_none_is_an_error_that_names_the_setting(zone: str) -> None:
    with pytest.raises(SettingError, match="FOOTNOTE_TIMEZONE"):
        Settings.read({"FOOTNOTE_TIMEZONE": zone})


def test_the_vectors_are_in_the_home_unless_a_server_is_named() -> None:
    assert Settings.read({}).chroma is Settings.read({"FOOTNOTE_CHROMA": ""}).chroma is None
    named = Settings.read({"FOOTNOTE_CHROMA": "http://x:8000", "FOOTNOTE_CHROMA_KEY": "secret"})
    assert (named.chroma, named.chroma_key) == ("http://x:8000", "secret")
    assert "secret" not in repr(named)


def test_embedding_model_is_none_unless_it_is_named() -> None:
    assert Settings.read({}).embedding_model is None
    assert Settings.read({"FOOTNOTE_EMBEDDING_MODEL": ""}).embedding_model is None
    assert Settings.read({"FOOTNOTE_EMBEDDING_MODEL": "a/model"}).embedding_model == "a/model"
