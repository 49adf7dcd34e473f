public import Raft
