// The threshold rule, for numbers and for vectors of them: +1 at the threshold and above; of ternary neurons -1 at minus the
// threshold and below.
#ifndef THRESHOLD_H
#define THRESHOLD_H

#define SPIKES_UP(h, threshold) ((h) >= (threshold))
#define SPIKES_DOWN(h, threshold) ((h) <= -(threshold))

#endif
