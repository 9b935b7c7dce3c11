"""What the staff fills in to get in."""

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignIn(LoginForm):
    """Says above the first field what it takes; hints inside the fields would only say it again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or mail address")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
