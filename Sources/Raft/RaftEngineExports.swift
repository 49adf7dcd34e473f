// The vocabulary of the protocol is part of this module's face.
@_exported public import RaftEngine
