"""An emulated Kubernetes API server that unmodified clients use over TLS, so that practice and tests need no
cluster.
"""

from .refusals import ApiRefusal
from .server import KubeServer
from .store import ObjectStore
from .users import User
from .wire import FaultReply, RequestRecord

__all__ = ["ApiRefusal", "FaultReply", "KubeServer", "ObjectStore", "RequestRecord", "User"]
