import Testing

import SpideConfiguration
