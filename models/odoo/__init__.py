from . import base
from . import base_changes
from . import ir_actions_report
from . import ir_mail_server
from . import ir_rule
from . import ir_sequence
from . import mail_mail
from . import res_users
