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
static const unsigned char mnist_quick[] = {
#embed "../../Presets/mnist-quick.yaml"
};
static const unsigned char mnist_lenet[] = {
#embed "../../Presets/mnist-lenet.yaml"
};
static const unsigned char mnist_convnet_f[] = {
#embed "../../Presets/mnist-convnet-f.yaml"
};
static const unsigned char mnist_convnet_f_lif[] = {
#embed "../../Presets/mnist-convnet-f-lif.yaml"
};
static const unsigned char fashion_mnist_convnet_f[] = {
#embed "../../Presets/fashion-mnist-convnet-f.yaml"
};
static const unsigned char cifar10_alexnet_f[] = {
#embed "../../Presets/cifar10-alexnet-f.yaml"
};
static const unsigned char cifar100_cifarnet_f[] = {
#embed "../../Presets/cifar100-cifarnet-f.yaml"
};
static const unsigned char cifar10_dvs_convnet_f[] = {
#embed "../../Presets/cifar10-dvs-convnet-f.yaml"
};

static const unsigned char stage[] = {
#embed "../../Screens/stage.yaml"
};
static const unsigned char gradient[] = {
#embed "../../Screens/gradient.yaml"
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

static const unsigned char ledger[] = {
#embed "../../Screens/ledger.yaml"
};
static const unsigned char sweep[] = {
#embed "../../Screens/sweep.yaml"
};
static const unsigned char twin[] = {
#embed "../../Screens/twin.yaml"
};

static const unsigned char update[] = {
#embed "../../Screens/update.yaml"
};

static const unsigned char runs[] = {
#embed "../../Screens/runs.yaml"
};

static const cembedded_file files[] = {
  {"presets", "digits", digits, sizeof digits},
  {"presets", "digits-conv", digits_conv, sizeof digits_conv},
  {"presets", "digits-recurrent", digits_recurrent, sizeof digits_recurrent},
  {"presets", "digits-lif", digits_lif, sizeof digits_lif},
  {"presets", "mnist-quick", mnist_quick, sizeof mnist_quick},
  {"presets", "mnist-lenet", mnist_lenet, sizeof mnist_lenet},
  {"presets", "mnist-convnet-f", mnist_convnet_f, sizeof mnist_convnet_f},
  {"presets", "mnist-convnet-f-lif", mnist_convnet_f_lif, sizeof mnist_convnet_f_lif},
  {"presets", "fashion-mnist-convnet-f", fashion_mnist_convnet_f, sizeof fashion_mnist_convnet_f},
  {"presets", "cifar10-alexnet-f", cifar10_alexnet_f, sizeof cifar10_alexnet_f},
  {"presets", "cifar100-cifarnet-f", cifar100_cifarnet_f, sizeof cifar100_cifarnet_f},
  {"presets", "cifar10-dvs-convnet-f", cifar10_dvs_convnet_f, sizeof cifar10_dvs_convnet_f},
  {"screens", "stage", stage, sizeof stage},
  {"screens", "gradient", gradient, sizeof gradient},
  {"screens", "reset", reset, sizeof reset},
  {"screens", "train", train, sizeof train},
  {"screens", "neuron", neuron, sizeof neuron},
  {"screens", "ledger", ledger, sizeof ledger},
  {"screens", "update", update, sizeof update},
  {"screens", "runs", runs, sizeof runs},
  {"screens", "sweep", sweep, sizeof sweep},
  {"screens", "twin", twin, sizeof twin},
};

const cembedded_file *cembedded_files(void) { return files; }

size_t cembedded_file_count(void) { return sizeof files / sizeof *files; }
