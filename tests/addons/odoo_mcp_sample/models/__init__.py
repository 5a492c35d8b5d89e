from . import contact_cards
