"""TLS wrapper for socket objects, on the native module _ssl.

SSLContext holds settings and certificates and makes connections: SSLSocket over a socket, SSLObject over a pair of MemoryBIO.
"""
import calendar
import errno
import os
import re
import socket as _socket
import sys
import time
import warnings
from base64 import standard_b64decode, standard_b64encode
from collections import namedtuple
from enum import Enum as _Enum, IntEnum as _IntEnum, IntFlag as _IntFlag

import _ssl
from _ssl import (HAS_ALPN, HAS_ECDH, HAS_NPN, HAS_PHA, HAS_PSK, HAS_SNI, HAS_SSLv2, HAS_SSLv3, HAS_TLSv1, HAS_TLSv1_1, HAS_TLSv1_2,
                  HAS_TLSv1_3, OPENSSL_VERSION, OPENSSL_VERSION_INFO, OPENSSL_VERSION_NUMBER, RAND_add, RAND_bytes, RAND_status,
                  MemoryBIO, SSLCertVerificationError, SSLEOFError, SSLError, SSLSession, SSLSyscallError, SSLWantReadError,
                  SSLWantWriteError, SSLZeroReturnError, _DEFAULT_CIPHERS, _OPENSSL_API_VERSION, _SSLContext,
                  nid2obj as _nid2obj, txt2obj as _txt2obj)
from _ssl import HAS_PSK_TLS13 as _HAS_PSK_TLS13
from socket import SO_TYPE, SOCK_STREAM, SOL_SOCKET, create_connection, socket

__all__ = ["CertificateError"]

socket_error = OSError
CertificateError = SSLCertVerificationError
_RESTRICTED_SERVER_CIPHERS = _DEFAULT_CIPHERS
HAS_NEVER_CHECK_COMMON_NAME = hasattr(_ssl, "HOSTFLAG_NEVER_CHECK_SUBJECT")
CHANNEL_BINDING_TYPES = ["tls-unique"] if _ssl.HAS_TLS_UNIQUE else []
_NOTHING = ""

_IntEnum._convert_("_SSLMethod", __name__, lambda name: name.startswith("PROTOCOL_") and name != "PROTOCOL_SSLv23", source=_ssl)
_IntFlag._convert_("Options", __name__, lambda name: name.startswith("OP_"), source=_ssl)
_IntEnum._convert_("AlertDescription", __name__, lambda name: name.startswith("ALERT_DESCRIPTION_"), source=_ssl)
_IntEnum._convert_("SSLErrorNumber", __name__, lambda name: name.startswith("SSL_ERROR_"), source=_ssl)
_IntFlag._convert_("VerifyFlags", __name__, lambda name: name.startswith("VERIFY_"), source=_ssl)
_IntEnum._convert_("VerifyMode", __name__, lambda name: name.startswith("CERT_"), source=_ssl)
PROTOCOL_SSLv23 = _SSLMethod.PROTOCOL_SSLv23 = _SSLMethod.PROTOCOL_TLS
_PROTOCOL_NAMES = {value: name for name, value in _SSLMethod.__members__.items()}
_SSLv2_IF_EXISTS = getattr(_SSLMethod, "PROTOCOL_SSLv2", None)


class TLSVersion(_IntEnum):
    MINIMUM_SUPPORTED = _ssl.PROTO_MINIMUM_SUPPORTED
    SSLv3 = _ssl.PROTO_SSLv3
    TLSv1 = _ssl.PROTO_TLSv1
    TLSv1_1 = _ssl.PROTO_TLSv1_1
    TLSv1_2 = _ssl.PROTO_TLSv1_2
    TLSv1_3 = _ssl.PROTO_TLSv1_3
    MAXIMUM_SUPPORTED = _ssl.PROTO_MAXIMUM_SUPPORTED


# Numbers of the TLS protocol (RFC 8446 and its registries).
_TLSContentType = _IntEnum("_TLSContentType", {
    "CHANGE_CIPHER_SPEC": 20, "ALERT": 21, "HANDSHAKE": 22, "APPLICATION_DATA": 23, "HEADER": 0x100, "INNER_CONTENT_TYPE": 0x101}, module=__name__)
_TLSAlertType = _IntEnum("_TLSAlertType", {
    "CLOSE_NOTIFY": 0, "UNEXPECTED_MESSAGE": 10, "BAD_RECORD_MAC": 20, "DECRYPTION_FAILED": 21, "RECORD_OVERFLOW": 22, "DECOMPRESSION_FAILURE": 30,
    "HANDSHAKE_FAILURE": 40, "NO_CERTIFICATE": 41, "BAD_CERTIFICATE": 42, "UNSUPPORTED_CERTIFICATE": 43, "CERTIFICATE_REVOKED": 44,
    "CERTIFICATE_EXPIRED": 45, "CERTIFICATE_UNKNOWN": 46, "ILLEGAL_PARAMETER": 47, "UNKNOWN_CA": 48, "ACCESS_DENIED": 49, "DECODE_ERROR": 50,
    "DECRYPT_ERROR": 51, "EXPORT_RESTRICTION": 60, "PROTOCOL_VERSION": 70, "INSUFFICIENT_SECURITY": 71, "INTERNAL_ERROR": 80,
    "INAPPROPRIATE_FALLBACK": 86, "USER_CANCELED": 90, "NO_RENEGOTIATION": 100, "MISSING_EXTENSION": 109, "UNSUPPORTED_EXTENSION": 110,
    "CERTIFICATE_UNOBTAINABLE": 111, "UNRECOGNIZED_NAME": 112, "BAD_CERTIFICATE_STATUS_RESPONSE": 113, "BAD_CERTIFICATE_HASH_VALUE": 114,
    "UNKNOWN_PSK_IDENTITY": 115, "CERTIFICATE_REQUIRED": 116, "NO_APPLICATION_PROTOCOL": 120}, module=__name__)
_TLSMessageType = _IntEnum("_TLSMessageType", {
    "HELLO_REQUEST": 0, "CLIENT_HELLO": 1, "SERVER_HELLO": 2, "HELLO_VERIFY_REQUEST": 3, "NEWSESSION_TICKET": 4, "END_OF_EARLY_DATA": 5,
    "HELLO_RETRY_REQUEST": 6, "ENCRYPTED_EXTENSIONS": 8, "CERTIFICATE": 11, "SERVER_KEY_EXCHANGE": 12, "CERTIFICATE_REQUEST": 13,
    "SERVER_DONE": 14, "CERTIFICATE_VERIFY": 15, "CLIENT_KEY_EXCHANGE": 16, "FINISHED": 20, "CERTIFICATE_URL": 21, "CERTIFICATE_STATUS": 22,
    "SUPPLEMENTAL_DATA": 23, "KEY_UPDATE": 24, "NEXT_PROTO": 67, "MESSAGE_HASH": 254, "CHANGE_CIPHER_SPEC": 0x0101}, module=__name__)


# --- names
def _dns_matches(pattern, hostname):
    """Matching by RFC 6125: a wildcard stands for the whole leftmost label."""
    if not pattern:
        return False
    stars = pattern.count("*")
    if not stars:
        return pattern.lower() == hostname.lower()
    if stars > 1:
        raise CertificateError(f"too many wildcards in certificate DNS name: {pattern!r}.")
    leftmost, dot, remainder = pattern.partition(".")
    if "*" in remainder:
        raise CertificateError(f"wildcard can only be present in the leftmost label: {pattern!r}.")
    if not dot:
        raise CertificateError(f"sole wildcard without additional labels are not support: {pattern!r}.")
    if leftmost != "*":
        raise CertificateError(f"partial wildcards in leftmost label are not supported: {pattern!r}.")
    label, dot, rest = hostname.partition(".")
    return bool(label and dot) and remainder.lower() == rest.lower()


_dnsname_match = _dns_matches


def _inet_paton(ipname):
    """The packed form of an IPv4 or IPv6 address."""
    try:
        packed = _socket.inet_aton(ipname)
    except OSError:
        pass
    else:
        if _socket.inet_ntoa(packed) == ipname:
            return packed
        raise ValueError(f"{ipname!r} is not a quad-dotted IPv4 address.")
    try:
        return _socket.inet_pton(_socket.AF_INET6, ipname)
    except OSError:
        raise ValueError(f"{ipname!r} is neither an IPv4 nor an IP6 address.") from None


def _ipaddress_match(cert_ipaddress, host_ip):
    return _inet_paton(cert_ipaddress.rstrip()) == host_ip


# --- objects and paths
DefaultVerifyPaths = namedtuple("DefaultVerifyPaths", "cafile capath openssl_cafile_env openssl_cafile openssl_capath_env openssl_capath")


def get_default_verify_paths():
    """Return paths to default cafile and capath."""
    parts = _ssl.get_default_verify_paths()
    cafile = os.environ.get(parts[0], parts[1])
    capath = os.environ.get(parts[2], parts[3])
    return DefaultVerifyPaths(cafile if os.path.isfile(cafile) else None, capath if os.path.isdir(capath) else None, *parts)


class _ASN1Object(namedtuple("_ASN1Object", "nid shortname longname oid")):
    """ASN.1 object identifier lookup."""
    __slots__ = ()

    def __new__(cls, oid):
        return super().__new__(cls, *_txt2obj(oid, name=False))

    @classmethod
    def fromnid(cls, nid):
        return super().__new__(cls, *_nid2obj(nid))

    @classmethod
    def fromname(cls, name):
        return super().__new__(cls, *_txt2obj(name, name=True))


class Purpose(_ASN1Object, _Enum):
    """What a context is for, as an extended key usage."""
    SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"


def _check_server_side(server_side, server_hostname, session):
    if server_side and server_hostname:
        raise ValueError("server_hostname can only be specified in client mode")
    if server_side and session is not None:
        raise ValueError("session can only be specified in client mode")


def _member(kind, value):
    """The enumeration's member of this value, or the value."""
    try:
        return kind(value)
    except ValueError:
        return value


class SSLContext(_SSLContext):
    """Settings and certificates shared by connections."""
    sslsocket_class = None
    sslobject_class = None
    _windows_cert_stores = ("CA", "ROOT")

    def __new__(cls, protocol=None, *args, **kwargs):
        if protocol is None:
            warnings.warn("ssl.SSLContext() without protocol argument is deprecated.", category=DeprecationWarning, stacklevel=2)
            protocol = PROTOCOL_TLS
        return _SSLContext.__new__(cls, protocol)

    def _encode_hostname(self, hostname):
        if hostname is None:
            return None
        if isinstance(hostname, str):
            return hostname.encode("idna").decode("ascii")
        return hostname.decode("ascii")

    def wrap_socket(self, sock, server_side=False, do_handshake_on_connect=True, suppress_ragged_eofs=True, server_hostname=None, session=None):
        return self.sslsocket_class._create(sock=sock, server_side=server_side, do_handshake_on_connect=do_handshake_on_connect,
                                            suppress_ragged_eofs=suppress_ragged_eofs, server_hostname=server_hostname, context=self, session=session)

    def wrap_bio(self, incoming, outgoing, server_side=False, server_hostname=None, session=None):
        _check_server_side(server_side, server_hostname, session)
        return self.sslobject_class._create(incoming, outgoing, server_side=server_side, server_hostname=self._encode_hostname(server_hostname),
                                            session=session, context=self)

    def set_npn_protocols(self, npn_protocols):
        warnings.warn("ssl NPN is deprecated, use ALPN instead", DeprecationWarning, stacklevel=2)

    def set_servername_callback(self, server_name_callback):
        if server_name_callback is None:
            self.sni_callback = None
            return
        if not callable(server_name_callback):
            raise TypeError("not a callable object")

        def shim(connection, name, context):
            return server_name_callback(connection, self._encode_hostname(name), context)
        self.sni_callback = shim

    def set_alpn_protocols(self, alpn_protocols):
        wire = bytearray()
        for protocol in alpn_protocols:
            name = bytes(protocol, "ascii")
            if not 0 < len(name) < 256:
                raise SSLError("ALPN protocols must be 1 to 255 bytes long")
            wire.append(len(name))
            wire += name
        self._set_alpn_protocols(wire)

    def load_default_certs(self, purpose=Purpose.SERVER_AUTH):
        if not isinstance(purpose, _ASN1Object):
            raise TypeError(purpose)
        self.set_default_verify_paths()

    @property
    def _msg_callback(self):
        """What is called for each message: connection, "read" or "write", version, kind of content, kind of message, data."""
        inner = super()._msg_callback
        return None if inner is None else inner.user_function

    @_msg_callback.setter
    def _msg_callback(self, callback):
        if callback is not None and not hasattr(callback, "__call__"):
            raise TypeError(f"{callback} is not callable.")

        def named(enumeration, number):
            return enumeration(number) if number in enumeration else number

        def inner(conn, direction, version, content_type, msg_type, data):
            content_type = named(_TLSContentType, content_type)
            kinds = {_TLSContentType.HEADER: _TLSContentType, _TLSContentType.ALERT: _TLSAlertType}.get(content_type, _TLSMessageType)
            return callback(conn, direction, named(TLSVersion, version), content_type, named(kinds, msg_type), data)

        inner.user_function = callback
        _SSLContext._msg_callback.__set__(self, None if callback is None else inner)

    @property
    def minimum_version(self):
        return TLSVersion(super().minimum_version)

    @minimum_version.setter
    def minimum_version(self, value):
        if value == TLSVersion.SSLv3:
            self.options &= ~Options.OP_NO_SSLv3
        super(SSLContext, SSLContext).minimum_version.__set__(self, value)

    @property
    def maximum_version(self):
        return TLSVersion(super().maximum_version)

    @maximum_version.setter
    def maximum_version(self, value):
        super(SSLContext, SSLContext).maximum_version.__set__(self, value)

    @property
    def options(self):
        return Options(super().options)

    @options.setter
    def options(self, value):
        super(SSLContext, SSLContext).options.__set__(self, value)

    @property
    def hostname_checks_common_name(self):
        return self._host_flags != (self._host_flags | _ssl.HOSTFLAG_NEVER_CHECK_SUBJECT)

    @hostname_checks_common_name.setter
    def hostname_checks_common_name(self, value):
        if value:
            self._host_flags &= ~_ssl.HOSTFLAG_NEVER_CHECK_SUBJECT
        else:
            self._host_flags |= _ssl.HOSTFLAG_NEVER_CHECK_SUBJECT

    @property
    def protocol(self):
        return _SSLMethod(super().protocol)

    @property
    def verify_flags(self):
        return VerifyFlags(super().verify_flags)

    @verify_flags.setter
    def verify_flags(self, value):
        super(SSLContext, SSLContext).verify_flags.__set__(self, value)

    @property
    def verify_mode(self):
        return _member(VerifyMode, super().verify_mode)

    @verify_mode.setter
    def verify_mode(self, value):
        super(SSLContext, SSLContext).verify_mode.__set__(self, value)


def _context_for(protocol, cafile, capath, cadata, purpose, verifies):
    context = SSLContext(protocol)
    if verifies:
        context.verify_mode = CERT_REQUIRED
        context.check_hostname = True
    if cafile or capath or cadata:
        context.load_verify_locations(cafile, capath, cadata)
    elif context.verify_mode != CERT_NONE:
        context.load_default_certs(purpose)
    keylog = os.environ.get("SSLKEYLOGFILE")
    if keylog and not sys.flags.ignore_environment:
        context.keylog_filename = keylog
    return context


def create_default_context(purpose=Purpose.SERVER_AUTH, *, cafile=None, capath=None, cadata=None):
    """Create a SSLContext object with default settings, as they are recommended now."""
    if not isinstance(purpose, _ASN1Object):
        raise TypeError(purpose)
    if purpose == Purpose.SERVER_AUTH:
        protocol, verifies = PROTOCOL_TLS_CLIENT, True
    elif purpose == Purpose.CLIENT_AUTH:
        protocol, verifies = PROTOCOL_TLS_SERVER, False
    else:
        raise ValueError(purpose)
    context = _context_for(protocol, cafile, capath, cadata, purpose, verifies)
    context.verify_flags |= VerifyFlags.VERIFY_X509_PARTIAL_CHAIN | VerifyFlags.VERIFY_X509_STRICT
    return context


def _create_unverified_context(protocol=None, *, cert_reqs=CERT_NONE, check_hostname=False, purpose=Purpose.SERVER_AUTH,
                               certfile=None, keyfile=None, cafile=None, capath=None, cadata=None):
    """A context that by default verifies nothing, for protocols that never did."""
    if not isinstance(purpose, _ASN1Object):
        raise TypeError(purpose)
    if purpose == Purpose.SERVER_AUTH:
        protocol = PROTOCOL_TLS_CLIENT if protocol is None else protocol
    elif purpose == Purpose.CLIENT_AUTH:
        protocol = PROTOCOL_TLS_SERVER if protocol is None else protocol
    else:
        raise ValueError(purpose)
    context = SSLContext(protocol)
    context.check_hostname = check_hostname
    if cert_reqs is not None:
        context.verify_mode = cert_reqs
    if check_hostname:
        context.check_hostname = True
    if keyfile and not certfile:
        raise ValueError("certfile must be specified")
    if certfile or keyfile:
        context.load_cert_chain(certfile, keyfile)
    if cafile or capath or cadata:
        context.load_verify_locations(cafile, capath, cadata)
    elif context.verify_mode != CERT_NONE:
        context.load_default_certs(purpose)
    keylog = os.environ.get("SSLKEYLOGFILE")
    if keylog and not sys.flags.ignore_environment:
        context.keylog_filename = keylog
    return context


_create_default_https_context = create_default_context
_create_stdlib_context = _create_unverified_context


# --- connections
class SSLObject:
    """A connection over memory BIOs: no input or output of its own."""

    def __init__(self, *args, **kwargs):
        raise TypeError(f"{self.__class__.__name__} does not have a public constructor. Instances are returned by SSLContext.wrap_bio().")

    @classmethod
    def _create(cls, incoming, outgoing, server_side=False, server_hostname=None, session=None, context=None):
        self = cls.__new__(cls)
        self._sslobj = context._wrap_bio(incoming, outgoing, server_side=server_side, server_hostname=server_hostname, owner=self, session=session)
        return self

    @property
    def context(self):
        """The SSLContext that is currently in use."""
        return self._sslobj.context

    @context.setter
    def context(self, ctx):
        self._sslobj.context = ctx

    @property
    def session(self):
        """The SSLSession for client socket."""
        return self._sslobj.session

    @session.setter
    def session(self, session):
        self._sslobj.session = session

    @property
    def session_reused(self):
        """Was the client session reused during handshake"""
        return self._sslobj.session_reused

    @property
    def server_side(self):
        """Whether this is a server-side socket."""
        return self._sslobj.server_side

    @property
    def server_hostname(self):
        """The currently set server hostname (for SNI), or None."""
        return self._sslobj.server_hostname

    def read(self, len=1024, buffer=None):
        """Read up to 'len' bytes; into 'buffer' if there is one, and then return their number."""
        return self._sslobj.read(len) if buffer is None else self._sslobj.read(len, buffer)

    def write(self, data):
        """Write 'data' and return the number of bytes written."""
        return self._sslobj.write(data)

    def getpeercert(self, binary_form=False):
        """The other side's certificate: a dictionary, empty if it was not validated, or DER bytes."""
        return self._sslobj.getpeercert(binary_form)

    def get_verified_chain(self):
        """The verified certificate chain as a list of DER bytes."""
        chain = self._sslobj.get_verified_chain()
        return [] if chain is None else [one.public_bytes(_ssl.ENCODING_DER) for one in chain]

    def get_unverified_chain(self):
        """The chain that the other side sent as a list of DER bytes."""
        chain = self._sslobj.get_unverified_chain()
        return [] if chain is None else [one.public_bytes(_ssl.ENCODING_DER) for one in chain]

    def selected_npn_protocol(self):
        warnings.warn("ssl NPN is deprecated, use ALPN instead", DeprecationWarning, stacklevel=2)

    def selected_alpn_protocol(self):
        """The protocol agreed on by ALPN, or None."""
        return self._sslobj.selected_alpn_protocol()

    def cipher(self):
        """The cipher in use as (name, protocol, bits)."""
        return self._sslobj.cipher()

    def shared_ciphers(self):
        """The ciphers that both sides know, or None on the client's side."""
        return self._sslobj.shared_ciphers()

    def compression(self):
        """The compression algorithm in use, or None."""
        return self._sslobj.compression()

    def pending(self):
        """The number of bytes that can be read at once."""
        return self._sslobj.pending()

    def do_handshake(self):
        """Start the SSL/TLS handshake."""
        self._sslobj.do_handshake()

    def unwrap(self):
        """Start the SSL shutdown handshake."""
        return self._sslobj.shutdown()

    def get_channel_binding(self, cb_type="tls-unique"):
        """Bytes that identify the connection, or None before the handshake."""
        return self._sslobj.get_channel_binding(cb_type)

    def version(self):
        """The protocol's version, or None before the handshake."""
        return self._sslobj.version()

    def verify_client_post_handshake(self):
        return self._sslobj.verify_client_post_handshake()


def _documented(function):
    function.__doc__ = getattr(SSLObject, function.__name__).__doc__
    return function


def _refused(name, hint=""):
    def method(self, *args, **kwargs):
        raise NotImplementedError(f"{name} not allowed on instances of {self.__class__}" + hint)
    method.__name__ = name
    return method


class SSLSocket(socket):
    """A socket whose data travel over TLS."""

    def __init__(self, *args, **kwargs):
        raise TypeError(f"{self.__class__.__name__} does not have a public constructor. Instances are returned by SSLContext.wrap_socket().")

    @classmethod
    def _create(cls, sock, server_side=False, do_handshake_on_connect=True, suppress_ragged_eofs=True, server_hostname=None, context=None, session=None):
        if sock.getsockopt(SOL_SOCKET, SO_TYPE) != SOCK_STREAM:
            raise NotImplementedError("only stream sockets are supported")
        _check_server_side(server_side, server_hostname, session)
        if context.check_hostname and not server_hostname:
            raise ValueError("check_hostname requires server_hostname")
        timeout = sock.gettimeout()
        self = cls.__new__(cls, family=sock.family, type=sock.type, proto=sock.proto, fileno=sock.fileno())
        super(SSLSocket, self).__init__(family=sock.family, type=sock.type, proto=sock.proto, fileno=sock.fileno())
        sock.detach()
        try:
            self._context = context
            self._session = session
            self._closed = False
            self._sslobj = None
            self.server_side = server_side
            self.server_hostname = context._encode_hostname(server_hostname)
            self.do_handshake_on_connect = do_handshake_on_connect
            self.suppress_ragged_eofs = suppress_ragged_eofs
            connected = self._is_connected()
            if not connected:
                self._refuse_early_data()
            self.settimeout(timeout)
            self._connected = connected
            if connected:
                self._start(timeout)
        except BaseException:
            self.close()
            raise
        return self

    def _is_connected(self):
        try:
            self.getpeername()
        except OSError as e:
            if e.errno != errno.ENOTCONN:
                raise
            return False
        return True

    def _refuse_early_data(self):
        """Data that came before the handshake of a connection that is gone already would be read as plain text."""
        blocking = self.getblocking()
        self.setblocking(False)
        try:
            data = super().recv(1)
        except OSError as e:
            if e.errno not in (errno.ENOTCONN, errno.EINVAL):
                raise
            data = b""
        finally:
            self.setblocking(blocking)
        if data:
            text = "Closed before TLS handshake with data in recv buffer."
            reason = SSLError(SSL_ERROR_EOF, text)
            reason.reason = text
            reason.library = None
            try:
                raise reason
            finally:
                reason = None

    def _start(self, timeout):
        self._sslobj = self._context._wrap_socket(self, self.server_side, self.server_hostname, owner=self, session=self._session)
        if self.do_handshake_on_connect:
            if timeout == 0.0:
                raise ValueError("do_handshake_on_connect should not be specified for non-blocking sockets")
            self.do_handshake()

    @property
    @_documented
    def context(self):
        return self._context

    @context.setter
    def context(self, ctx):
        self._context = ctx
        self._sslobj.context = ctx

    @property
    @_documented
    def session(self):
        return self._sslobj.session if self._sslobj is not None else None

    @session.setter
    def session(self, session):
        self._session = session
        if self._sslobj is not None:
            self._sslobj.session = session

    @property
    @_documented
    def session_reused(self):
        return self._sslobj.session_reused if self._sslobj is not None else None

    def dup(self):
        raise NotImplementedError(f"Can't dup() {self.__class__.__name__} instances")

    def _checkClosed(self, msg=None):
        pass

    def _check_connected(self):
        if not self._connected:
            # Raises what the system says about a socket that is not connected.
            self.getpeername()

    def _need(self):
        if self._sslobj is None:
            raise ValueError("No SSL wrapper around " + str(self))
        return self._sslobj

    def read(self, len=1024, buffer=None):
        """Read up to 'len' bytes; zero bytes mean the end."""
        if self._sslobj is None:
            raise ValueError("Read on closed or unwrapped SSL socket.")
        try:
            return self._sslobj.read(len, buffer) if buffer is not None else self._sslobj.read(len)
        except SSLError as e:
            if e.args[0] == SSL_ERROR_EOF and self.suppress_ragged_eofs:
                return 0 if buffer is not None else b""
            raise

    def write(self, data):
        """Write 'data' and return the number of bytes written."""
        if self._sslobj is None:
            raise ValueError("Write on closed or unwrapped SSL socket.")
        return self._sslobj.write(data)

    @_documented
    def getpeercert(self, binary_form=False):
        self._check_connected()
        return self._sslobj.getpeercert(binary_form)

    @_documented
    def get_verified_chain(self):
        chain = self._sslobj.get_verified_chain()
        return [] if chain is None else [one.public_bytes(_ssl.ENCODING_DER) for one in chain]

    @_documented
    def get_unverified_chain(self):
        chain = self._sslobj.get_unverified_chain()
        return [] if chain is None else [one.public_bytes(_ssl.ENCODING_DER) for one in chain]

    @_documented
    def selected_npn_protocol(self):
        warnings.warn("ssl NPN is deprecated, use ALPN instead", DeprecationWarning, stacklevel=2)
        return None

    @_documented
    def selected_alpn_protocol(self):
        return self._sslobj.selected_alpn_protocol() if self._sslobj is not None else None

    @_documented
    def cipher(self):
        return self._sslobj.cipher() if self._sslobj is not None else None

    @_documented
    def shared_ciphers(self):
        return self._sslobj.shared_ciphers() if self._sslobj is not None else None

    @_documented
    def compression(self):
        return self._sslobj.compression() if self._sslobj is not None else None

    @_documented
    def version(self):
        return self._sslobj.version() if self._sslobj is not None else None

    @_documented
    def pending(self):
        return self._sslobj.pending() if self._sslobj is not None else 0

    @_documented
    def get_channel_binding(self, cb_type="tls-unique"):
        if self._sslobj is not None:
            return self._sslobj.get_channel_binding(cb_type)
        if cb_type not in CHANNEL_BINDING_TYPES:
            raise ValueError(f"{cb_type} channel binding type not implemented")
        return None

    @_documented
    def verify_client_post_handshake(self):
        return self._need().verify_client_post_handshake()

    @_documented
    def do_handshake(self, block=False):
        self._check_connected()
        timeout = self.gettimeout()
        try:
            if timeout == 0.0 and block:
                self.settimeout(None)
            self._sslobj.do_handshake()
        finally:
            self.settimeout(timeout)

    def unwrap(self):
        """Start the SSL shutdown handshake; the plain socket under it."""
        if self._sslobj is None:
            raise ValueError("No SSL wrapper around " + str(self))
        plain = self._sslobj.shutdown()
        self._sslobj = None
        return plain

    # --- data
    @staticmethod
    def _no_flags(name, flags, cls):
        if flags != 0:
            raise ValueError(f"non-zero flags not allowed in calls to {name}() on {cls}")

    def send(self, data, flags=0):
        if self._sslobj is None:
            return super().send(data, flags)
        self._no_flags("send", flags, self.__class__)
        return self._sslobj.write(data)

    def sendto(self, data, flags_or_addr, addr=None):
        if self._sslobj is not None:
            raise ValueError(f"sendto not allowed on instances of {self.__class__}")
        return super().sendto(data, flags_or_addr) if addr is None else super().sendto(data, flags_or_addr, addr)

    sendmsg = _refused("sendmsg")
    recvmsg = _refused("recvmsg")
    recvmsg_into = _refused("recvmsg_into")

    def sendall(self, data, flags=0):
        if self._sslobj is None:
            return super().sendall(data, flags)
        self._no_flags("sendall", flags, self.__class__)
        with memoryview(data) as view, view.cast("B") as octets:
            done = 0
            while done < len(octets):
                done += self.send(octets[done:])

    def sendfile(self, file, offset=0, count=None):
        """Send a file; as fast as it can be without TLS."""
        if self._sslobj is not None:
            return self._sendfile_use_send(file, offset, count)
        return super().sendfile(file, offset, count)

    def recv(self, buflen=1024, flags=0):
        if self._sslobj is None:
            return super().recv(buflen, flags)
        self._no_flags("recv", flags, self.__class__)
        return self.read(buflen)

    def recv_into(self, buffer, nbytes=None, flags=0):
        if nbytes is None:
            if buffer is not None:
                with memoryview(buffer) as view:
                    nbytes = view.nbytes
            nbytes = nbytes or 1024
        if self._sslobj is None:
            return super().recv_into(buffer, nbytes, flags)
        self._no_flags("recv_into", flags, self.__class__)
        return self.read(nbytes, buffer)

    def recvfrom(self, buflen=1024, flags=0):
        if self._sslobj is not None:
            raise ValueError(f"recvfrom not allowed on instances of {self.__class__}")
        return super().recvfrom(buflen, flags)

    def recvfrom_into(self, buffer, nbytes=None, flags=0):
        if self._sslobj is not None:
            raise ValueError(f"recvfrom_into not allowed on instances of {self.__class__}")
        return super().recvfrom_into(buffer, nbytes, flags)

    # --- the life of the socket
    def shutdown(self, how):
        self._sslobj = None
        super().shutdown(how)

    def _real_close(self):
        self._sslobj = None
        super()._real_close()

    def _connect(self, addr, returns_error):
        if self.server_side:
            raise ValueError("can't connect in server-side mode")
        if self._connected or self._sslobj is not None:
            raise ValueError("attempt to connect already-connected SSLSocket!")
        self._sslobj = self._context._wrap_socket(self, False, self.server_hostname, owner=self, session=self._session)
        try:
            if returns_error:
                code = super().connect_ex(addr)
            else:
                code = None
                super().connect(addr)
            if not code:
                self._connected = True
                if self.do_handshake_on_connect:
                    self.do_handshake()
            return code
        except (OSError, ValueError):
            self._sslobj = None
            raise

    def connect(self, addr):
        """Connect to the address and do the handshake."""
        self._connect(addr, False)

    def connect_ex(self, addr):
        """As connect(), but an error of the system is returned."""
        return self._connect(addr, True)

    def accept(self):
        """Wait for a client: its connection and address."""
        plain, addr = super().accept()
        return self.context.wrap_socket(plain, do_handshake_on_connect=self.do_handshake_on_connect,
                                        suppress_ragged_eofs=self.suppress_ragged_eofs, server_side=True), addr


SSLContext.sslsocket_class = SSLSocket
SSLContext.sslobject_class = SSLObject


# --- times and certificates
def cert_time_to_seconds(cert_time):
    """The seconds since the epoch of a time as certificates print it, like 'Jan  5 09:34:43 2018 GMT'."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    form = " %d %H:%M:%S %Y GMT"
    try:
        month = months.index(cert_time[:3].title()) + 1
    except ValueError:
        raise ValueError(f'time data {cert_time!r} does not match format "%b{form}"') from None
    parsed = time.strptime(cert_time[3:], form)
    return calendar.timegm((parsed[0], month) + parsed[2:6])


PEM_HEADER = "-----BEGIN CERTIFICATE-----"
PEM_FOOTER = "-----END CERTIFICATE-----"


def DER_cert_to_PEM_cert(der_cert_bytes):
    """The PEM form of a certificate in DER."""
    text = str(standard_b64encode(der_cert_bytes), "ASCII", "strict")
    lines = [PEM_HEADER, *(text[i:i + 64] for i in range(0, len(text), 64)), PEM_FOOTER + "\n"]
    return "\n".join(lines)


def PEM_cert_to_DER_cert(pem_cert_string):
    """The DER bytes of a certificate in PEM."""
    if not pem_cert_string.startswith(PEM_HEADER):
        raise ValueError(f"Invalid PEM encoding; must start with {PEM_HEADER}")
    if not pem_cert_string.strip().endswith(PEM_FOOTER):
        raise ValueError(f"Invalid PEM encoding; must end with {PEM_FOOTER}")
    body = pem_cert_string.strip()[len(PEM_HEADER):-len(PEM_FOOTER)]
    return standard_b64decode(body.encode("ASCII", "strict"))


def get_server_certificate(addr, ssl_version=PROTOCOL_TLS_CLIENT, ca_certs=None, timeout=_socket._GLOBAL_DEFAULT_TIMEOUT):
    """The certificate of the server at (host, port) in PEM; checked against ca_certs if there are any."""
    host, _ = addr
    context = _create_stdlib_context(ssl_version, cert_reqs=CERT_NONE if ca_certs is None else CERT_REQUIRED, cafile=ca_certs)
    with create_connection(addr, timeout=timeout) as plain, context.wrap_socket(plain, server_hostname=host) as connection:
        return DER_cert_to_PEM_cert(connection.getpeercert(True))


def get_protocol_name(protocol_code):
    return _PROTOCOL_NAMES.get(protocol_code, "<unknown>")
