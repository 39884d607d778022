"""Addresses of routes by their names, found without searching."""

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route


class Addresses:
    """`url("module", cohort_id=…, n=3)` → the path. Those without parameters are made once."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = {route.name: route for route in routes if isinstance(route, Route)}
        self._plain = {name: route.path for name, route in self._routes.items() if not route.param_convertors}

    def __call__(self, route: str, /, **params: object) -> str:
        """The path; raises KeyError for a name no route has, NoMatchFound for the wrong parameters."""
        if not params and route in self._plain:
            return self._plain[route]
        return str(self._routes[route].url_path_for(route, **params))
