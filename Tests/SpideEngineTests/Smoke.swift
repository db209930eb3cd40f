import Testing

import SpideEngine
