"""Names of records."""

from odoo.models import BaseModel


def can_be_searched_by_name(model) -> bool:
    """Whether a name finds records of ``model``: Odoo answers with any record where there is no name to compare."""
    own_search = type(model)._search_display_name is not BaseModel._search_display_name
    return bool(model._rec_names_search or model._rec_name or own_search)
