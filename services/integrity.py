"""What a constraint of the database says, in words that help."""

from __future__ import annotations

import psycopg2


def explain(env, error: psycopg2.IntegrityError) -> str:
    """``error`` for the client's model. The transaction may be aborted: only what is in memory is looked at."""
    diagnosis = error.diag
    model = next((m for m in env.registry.values() if m._table == diagnosis.table_name and not m._abstract), None)
    label = f"{model._name} ({model._description})" if model is not None else diagnosis.table_name
    if isinstance(error, psycopg2.errors.NotNullViolation):
        field = model._fields.get(diagnosis.column_name) if model is not None else None
        name = f"{diagnosis.column_name} ({field.string})" if field is not None else diagnosis.column_name
        return f"{label} needs a value for {name}. Nothing was changed."
    if isinstance(error, psycopg2.errors.ForeignKeyViolation):
        return (
            f"Records of {label} still refer to it ({diagnosis.constraint_name}), so it cannot be deleted. Nothing was "
            "changed. Archiving it (active: false) hides it and keeps what refers to it."
        )
    if isinstance(error, psycopg2.errors.UniqueViolation):
        detail = (diagnosis.message_detail or "").removeprefix("Key ").replace("(", "").replace(")", "")
        return f"There is already a record of {label} with these values: {detail[:200]} Nothing was changed."
    return f"{label} does not take these values ({diagnosis.constraint_name}). Nothing was changed."
