// In C because #embed costs the build nothing, while a Swift array of bytes costs it seconds.
#include "CEmbedded.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char digits[] = {
#embed "../../Presets/digits.yaml"
};
static const unsigned char digits_conv[] = {
#embed "../../Presets/digits-conv.yaml"
};
static const unsigned char digits_recurrent[] = {
#embed "../../Presets/digits-recurrent.yaml"
};
static const unsigned char digits_lif[] = {
#embed "../../Presets/digits-lif.yaml"
};

static const unsigned char stage[] = {
#embed "../../Screens/stage.yaml"
};
static const unsigned char reset[] = {
#embed "../../Screens/reset.yaml"
};
static const unsigned char train[] = {
#embed "../../Screens/train.yaml"
};
static const unsigned char neuron[] = {
#embed "../../Screens/neuron.yaml"
};

static const cembedded_file files[] = {
  {"presets", "digits", digits, sizeof digits},
  {"presets", "digits-conv", digits_conv, sizeof digits_conv},
  {"presets", "digits-recurrent", digits_recurrent, sizeof digits_recurrent},
  {"presets", "digits-lif", digits_lif, sizeof digits_lif},
  {"screens", "stage", stage, sizeof stage},
  {"screens", "reset", reset, sizeof reset},
  {"screens", "train", train, sizeof train},
  {"screens", "neuron", neuron, sizeof neuron},
};

const cembedded_file *cembedded_files(void) { return files; }

size_t cembedded_file_count(void) { return sizeof files / sizeof *files; }
