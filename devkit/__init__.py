"""What `./dev` is made of: fetch Odoo and PostgreSQL, run, test, check. Standard library only."""
