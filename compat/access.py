def has_read_rules(model):
    """Whether record rules limit which records of ``model`` the current user reads."""
    domain = model.env["ir.rule"]._compute_domain(model._name, "read")
    return list(domain) not in ([], [(1, "=", 1)])


def field_is_accessible(model, field, operation="read"):
    """Whether the current user's groups let them ``operation`` on ``field`` of ``model``."""
    if hasattr(model, "_has_field_access"):  # 19.0
        return model._has_field_access(field, operation)
    return field.is_accessible(model.env)


def joins_without_rules(field):
    """Whether a search through the relation ``field`` leaves out the far records' rules."""
    return bool(getattr(field, "auto_join", False) or getattr(field, "bypass_search_access", False))
