def field_is_accessible(model, field, operation="read"):
    """Whether the current user's groups let them ``operation`` on ``field`` of ``model``."""
    if hasattr(model, "_has_field_access"):  # 19.0
        return model._has_field_access(field, operation)
    return field.is_accessible(model.env)
