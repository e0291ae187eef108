"""Who asks by REST: the token of the Authorization header, and nothing else. A cookie of a browser counts for nothing here."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from actions.doors.bearer import Proof, bearer
from actions.line.problems import refuse

REALM = 'Bearer realm="Kitsu Bridge"'


class ByBearer(BaseAuthentication):
    """Shows the token to whoever gave it: Kitsu, or the bridge."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Proof] | None:
        """The proof; None without the header. Raises `Refusal` and `KitsuUnavailable` as `bearer` does.

        Nobody's user comes with it, so that a session that the browser sent along opens nothing.
        """
        proof = bearer(request._request)
        if proof is None:
            return None
        request._request.identity = proof.identity
        return AnonymousUser(), proof

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return REALM


class InSchema(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The same for the OpenAPI document."""

    target_class = ByBearer
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """A token in the Authorization header."""
        return {"type": "http", "scheme": "bearer", "description": "A token of Kitsu's, or a bridge token."}


class Known(BasePermission):
    """Nothing is told to nobody."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Whether there is a proof; else DRF answers 401, since the authentication names a header."""
        return isinstance(request.auth, Proof)


class StudioManager(Known):
    """For what the admin is for: Kitsu's studio managers. A token that is held to actions or productions is for less."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Raises `Refusal` with the reason."""
        if not super().has_permission(request, view):
            return False
        demand_unscoped(proof_of(request))
        if not proof_of(request).person.is_studio_manager:
            raise refuse(403, "role", "This is not for you", "The registry is for studio managers.", "Ask one of them.")
        return True


def proof_of(request: Request) -> Proof:
    """Who asks; behind `Known`."""
    return cast("Proof", request.auth)


def demand_unscoped(proof: Proof) -> None:
    """Raises `Refusal` for a token that is for some actions or productions only."""
    if proof.scope and (proof.scope.actions or proof.scope.productions):
        raise refuse(
            403, "token_scope", "This token is for less", f"“{proof.scope.name}” is for some actions or productions only.",
            "Use a token that is for all of them.",
        )  # fmt: skip


def owner_of(proof: Proof) -> str:
    """Under what its answers are kept: the token, else the person."""
    return f"token:{proof.scope.token}" if proof.scope else f"person:{proof.person.id}"
