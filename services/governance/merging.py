"""What Odoo's merging of records changes under the ORM, told to the recording of the call beforehand.

Odoo points whatever refers to the merged records to the one that stays, in SQL: the journal would know of none of it,
an undo would lose it, and a merge could hand a user's login to other people's address unseen.
"""

from __future__ import annotations

from .recording import Recording
from .references import linking, referring


def before_merge(recording: Recording, merged, kept) -> None:
    """The references to ``merged`` are about to become references to ``kept``, of the same model."""
    env = merged.env(su=True)  # sudo: Odoo changes them all, seen or not
    env.flush_all()
    for (model_name, field_name, _kind), ids in referring(merged, merged.ids, "cnar").items():
        recording.before_write(env[model_name].browse(sorted(ids)), [field_name])
    for (model_name, field_name), ids in linking(merged, merged.ids).items():
        recording.before_links(env[model_name].browse(sorted(ids)), [field_name])
    fields = kept._fields.values()
    own_links = [field.name for field in fields if field.type == "many2many" and field.store]
    recording.before_links((merged + kept).with_env(env), own_links)
    recording.before_write(kept.with_env(env), [f.name for f in fields if f.company_dependent and f.store])
