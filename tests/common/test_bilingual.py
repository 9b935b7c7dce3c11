"""Names in two languages."""

import pytest
from django.utils.translation import override

from people.models import Team


@pytest.mark.parametrize(
    ("language", "en", "zh", "shown"),
    [
        ("en", "Network", "网络组", "Network"),
        ("zh-hans", "Network", "网络组", "网络组"),
        ("zh-hans", "Network", "", "Network"),
        ("en", "", "网络组", "网络组"),
        ("en", "", "", ""),
    ],
)
def test_the_readers_language_is_shown_and_else_the_other(language, en, zh, shown):
    with override(language):
        assert str(Team(name_en=en, name_zh=zh)) == shown


def test_without_a_language_it_is_english():
    with override(None):
        assert Team(name_en="Network", name_zh="网络组").name == "Network"
