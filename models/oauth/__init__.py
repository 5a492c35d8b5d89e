from . import oauth_client
from . import oauth_grant
from . import credential
from . import users
