// Addresses, socket errors and the loop are part of this module's face.
@_exported public import RaftSockets
