"""Groups: ``res.groups`` lost its category and its ``users`` field name on 19.0."""


def user_groups(user):
    """All groups of ``user``, implied ones included."""
    return user.all_group_ids if "all_group_ids" in user._fields else user.groups_id


def classify_groups(env, module, title, names):
    """Put the groups ``names`` of ``module`` under one heading of the user form."""
    groups = env["res.groups"].union(*(env.ref(f"{module}.{name}") for name in names))
    category = env["ir.module.category"].search([("name", "=", title)], limit=1)
    if not category:
        category = category.create({"name": title, "sequence": 100})
    if "privilege_id" not in groups._fields:
        groups.category_id = category
    elif not groups.privilege_id:
        groups.privilege_id = env["res.groups.privilege"].create({"name": title, "category_id": category.id})


def group_members(group):
    """The active users in ``group``, also by an implied group."""
    users = group.env["res.users"]
    field = "all_group_ids" if "all_group_ids" in users._fields else "groups_id"
    return users.search([(field, "in", group.ids), ("share", "=", False)])
