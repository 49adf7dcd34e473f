#include "CRaftEpoll.h"
