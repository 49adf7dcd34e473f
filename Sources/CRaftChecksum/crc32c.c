#include "CRaftChecksum.h"
