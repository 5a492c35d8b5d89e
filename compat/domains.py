"""Combining domains: plain lists in, plain lists out, on both versions."""

try:  # 19.0
    from odoo.fields import Domain

    def AND(*domains):
        return list(Domain.AND(domains))

    def OR(*domains):
        return list(Domain.OR(domains))

    def narrowed(rules, domain):
        """The record rules ``rules``, as ``ir.rule`` computes them, and ``domain`` besides."""
        return Domain(rules) & Domain(domain)

except ImportError:  # 18.0
    from odoo.osv import expression

    def AND(*domains):
        return expression.AND(domains)

    def OR(*domains):
        return expression.OR(domains)

    def narrowed(rules, domain):
        return expression.AND([rules or [], domain])
