import Testing

import SpideTUI
