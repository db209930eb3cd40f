import Testing

import SpideData
