"""Routes that serve the panel alone; `routes.handlers` puts them below ``/privguard/api/v1``."""

from __future__ import annotations

from .models import ModelRequestHandler, ModelRequestsHandler, ModelsHandler
from .notebook_export import ReportNotebookHandler
from .overview import EntitiesHandler, ExperimentHandler
from .request_routes import RequestHandler, RequestsHandler
from .routes import PrivguardHandler
from .verification import VerificationHandler

__all__ = ["panel_handlers"]


def panel_handlers() -> list[tuple[str, type[PrivguardHandler]]]:
    """Patterns below the root of the routes, with their handlers."""
    return [
        ("report/notebook", ReportNotebookHandler),
        ("verification", VerificationHandler),
        ("entities", EntitiesHandler),
        ("experiment", ExperimentHandler),
        ("models", ModelsHandler),
        ("models/requests", ModelRequestsHandler),
        (r"models/requests/([^/]+)", ModelRequestHandler),
        ("requests", RequestsHandler),
        (r"requests/([^/]+)", RequestHandler),
    ]
