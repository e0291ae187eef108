"""The form to sign in with a Kitsu account."""

from __future__ import annotations

from django import forms


class SignInForm(forms.Form):
    """E-mail and password as in Kitsu; the code only where the account has two-factor authentication."""

    email = forms.EmailField(
        label="E-mail",
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text="Six digits from your authenticator, or a recovery code.",
    )
