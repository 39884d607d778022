"""`python -m tests.fourweek.openid.a_provider PORT`: a provider of its own process, made of Authlib's other half.

It lets everybody through as whom `PUT /next` named. What that gives as `token` stands in the ID token, right or not, so
that a test can have any part of one otherwise; `stranger` signs with a key that is not published, `alg` as it says.
"""

import secrets
import sys
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, request
from joserfc.jwk import KeySet, OctKey, OKPKey
from werkzeug.serving import make_server

CLIENT, SECRET = "fourweek", "a secret between two programs"


class Client(ClientMixin):  # type: ignore[misc]
    """The school, as the provider knows it; any address of this machine may be the one it comes back to."""

    client_id = CLIENT

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/sign-in/provider/back")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    def __init__(self, asked: Any, user: dict[str, Any]) -> None:
        self.user = user
        self.redirect_uri = asked.payload.redirect_uri
        self.scope = asked.payload.scope
        self.nonce = asked.payload.data.get("nonce")
        self.code_challenge = asked.payload.data.get("code_challenge")
        self.code_challenge_method = asked.payload.data.get("code_challenge_method")

    def get_redirect_uri(self) -> Any:
        return self.redirect_uri

    def get_scope(self) -> Any:
        return self.scope

    def get_nonce(self) -> Any:
        return self.nonce

    def get_auth_time(self) -> None:
        return None

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


codes: dict[str, Code] = {}
next_user: dict[str, Any] = {}


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, asked: Any) -> None:
        codes[code] = Code(asked, asked.user)

    def query_authorization_code(self, code: str, _client: Any) -> Code | None:
        return codes.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        for code in [code for code, kept in codes.items() if kept is authorization_code]:
            del codes[code]

    def authenticate_user(self, authorization_code: Code) -> dict[str, Any]:
        return authorization_code.user


KEY, STRANGER = (OKPKey.generate_key("Ed25519", {"kid": name}) for name in ("ours", "theirs"))


class IdTokens(OpenIDCode):  # type: ignore[misc]
    site = ""

    def exists_nonce(self, _nonce: str, _request: Any) -> bool:
        return False

    def resolve_client_private_key(self, _client: Any) -> Any:
        if "alg" in next_user:
            return OctKey.import_key(SECRET)
        return STRANGER if next_user.get("stranger") else KEY

    def get_client_algorithm(self, _client: Any) -> str:
        return str(next_user.get("alg", "Ed25519"))

    def get_encode_header(self, client: Any) -> dict[str, str]:
        return {"alg": self.get_client_algorithm(client), "kid": "ours"}

    def get_client_claims(self, _client: Any) -> dict[str, Any]:
        return {"iss": self.site}

    def generate_user_info(self, user: dict[str, Any], _scope: str) -> UserInfo:
        return UserInfo({"sub": user["sub"], **user.get("claims", {}), **user.get("token", {})})


def make_app(site: str) -> Flask:
    IdTokens.site = site
    app = Flask(__name__)
    server = AuthorizationServer(app, query_client=lambda _id: Client(), save_token=lambda _token, _request: None)
    server.register_grant(CodeGrant, [IdTokens(require_nonce=True), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def describe() -> Any:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return jsonify({"issuer": site, **{name: f"{site}/{path}" for name, path in names.items()}})

    @app.get("/keys")
    def keys() -> Any:
        return jsonify(KeySet([KEY]).as_dict(private=False))

    @app.get("/authorize")
    def authorize() -> Any:
        grant = server.get_consent_grant(end_user=next_user)
        return server.create_authorization_response(grant=grant, grant_user=dict(next_user))

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.put("/next")
    def choose() -> Any:
        next_user.clear()
        next_user.update(request.get_json())
        return "", 204

    app.secret_key = secrets.token_hex()
    return app


def main() -> None:
    port = int(sys.argv[1])
    make_server("127.0.0.1", port, make_app(f"http://127.0.0.1:{port}"), threaded=True).serve_forever()


if __name__ == "__main__":
    main()
