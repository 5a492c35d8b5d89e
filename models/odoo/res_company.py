from odoo import api, models
from odoo.tools import ormcache

from ...compat import keep_cached


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _mcp_know_tree(self, company_ids):
        """Have the place of companies in the tree ready for the record rules that ask for it, without a query.

        Else each call reads all that there is of its companies. The place of a company never changes.
        """
        paths = self._mcp_paths(tuple(company_ids))
        # sudo: the rules themselves read it so
        keep_cached(self.sudo().browse(company_ids), self._fields["parent_path"], paths)

    @api.model
    @ormcache("company_ids")
    def _mcp_paths(self, company_ids):
        # sudo: a person works for companies without reading what there is of them
        companies = self.sudo().browse(company_ids)
        companies.fetch(["parent_path"])
        return tuple(companies.mapped("parent_path"))
