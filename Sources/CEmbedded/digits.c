// The digits data set as it was published in IDX form: `#embed` costs half a second of build where a
// Swift array literal of this size costs most of a minute.
#include "CEmbedded.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t images[] = {
#embed "data/digits-images-idx3-ubyte"
};

static const uint8_t labels[] = {
#embed "data/digits-labels-idx1-ubyte"
};

const uint8_t *embedded_digits_images(size_t *count) {
  *count = sizeof images;
  return images;
}

const uint8_t *embedded_digits_labels(size_t *count) {
  *count = sizeof labels;
  return labels;
}
