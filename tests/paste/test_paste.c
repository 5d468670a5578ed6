/*
 * Pasted code: which text is read as what, wrong numbers and what is to be written, refusals, and
 * texts that would harm. Sizes and parameters of whole snippets are compared with PyTorch's own in
 * check_snippets.py; the numbers here are worked out beside the rows.
 */
#include <dirent.h>

#include "support.h"

#include "paste/recognise.h"

static sink output;
static int failed;

static _Alignas(16) unsigned char memory[1 << 24];

static bool read_pasted(const char *text, const char *input, const char *define, cnn_network *net,
                        cnn_error *err)
{
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_text defines[] = {view(define)};
    const cnn_settings settings = {
        .input = view(input), .defines = defines, .define_count = define[0] != '\0'};
    *err = (cnn_error){0};
    *net = (cnn_network){0};
    return cnn_paste_read(&arena, view(text), &settings, net, err);
}

static const char *sentence(const cnn_error *err)
{
    cnn_writer to = sink_open(&output);
    cnn_error_write_line(err, &to);
    return output.data;
}

/* ---- recognition ---- */

static void test_recognition(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool pasted;
    } rows[] = {
        {"conv3-64,maxpool,FC-10", false},
        {"input 3x32x32\nconv3-64 # nn.Conv2d(3, 64, 3)\n", false},
        {"Add(conv3-3 | id)", false},
        {"ReLU, Flatten, Dropout(0.5)", false},
        {"block(n) = conv3-n, bn, relu\nblock(64)", false},
        {"class(n) = conv3-n\nclass(8)", false},
        {"input (224 x 224 RGB image)\nconv3-64\nsoft-max", false},
        {"", false},
        {"nn.Conv2d(3, 64, 3)", true},
        {"MaxPool2d(2)", true},
        {"AvgPool2d(2)", true},
        {"ReLU()", true},
        {"nn.ReLU(True)", true},
        {"Linear(784, 10)", true},
        {"Dense(10)", true},
        {"class Net(nn.Module):\n  pass", true},
        {"\xEF\xBB\xBFimport torch\n", true},
        {"# a net\n\nfrom torch import nn\n", true},
        {">>> m = nn.Sequential(nn.ReLU())", true},
        {"```python\nself.conv = nn.Conv2d(3, 8, 3)\n```", true},
        {"model = Sequential([])", true},
        {"1x28x28-784N-10N", true},
        {"[net]\nwidth=8", true},
        {"# c\n[convolutional]", true},
        {"name: \"net\"", true},
        {"layer {", true},
        {"layers {\n  type: RELU", true},
        {"layer\n{ name: 'x' }", true},
        {"name : 'x'", true},
        {"state { phase: TEST }", true},
        {"x = keras.Input((3, 3, 1))", true},
        {"input_dim: 1", true},
        {"layers: conv3-64", false},
        {"name(n) = conv3-n\nname(8)", false},
        {"[64, 'M', 128]", true},
        {"{\"class_name\": \"Sequential\"}", true},
        {"input: 28", false},
        {"layer: conv3-64", false},
        {"2*(conv3-8), FC-10", false},
        {"Net(\n  (conv1): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))\n)", true},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        EXPECT(failed, cnn_paste_recognise(view(rows[i].text)) == rows[i].pasted, "row %zu: %s", i,
               rows[i].text);
    }
    assert_int_equal(failed, 0);
}

/* No example of our own is taken for code. */
static void test_examples(void **state)
{
    (void)state;
    DIR *folder = opendir(EXAMPLES);
    int count = 0;
    assert_non_null(folder);
    for (const struct dirent *e = readdir(folder); e != NULL; e = readdir(folder)) {
        char path[1024];
        static char text[1 << 16];
        if (strstr(e->d_name, ".cnn") == NULL) {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", EXAMPLES, e->d_name);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        const size_t size = fread(text, 1, sizeof text, file);
        fclose(file);
        EXPECT(failed, !cnn_paste_recognise((cnn_text){text, size}), "%s", e->d_name);
        count++;
    }
    closedir(folder);
    assert_true(count > 30);
    assert_int_equal(failed, 0);
}

/* ---- wrong numbers ---- */

#define CLASS(init, forward)                                                                       \
    "class Net(nn.Module):\n"                                                                      \
    "    def __init__(self):\n"                                                                    \
    "        super().__init__()\n" init "    def forward(self, x):\n" forward

static void test_mismatches(void **state)
{
    (void)state;
    static const struct {
        const char *text, *input;
        const char *found; /* kind layer declared enters write, one after another */
        int64_t params;    /* after the correction */
    } rows[] = {
        /* 32 - 2 = 30, 15, 13, 6: 16*6*6 = 576; 576*120 + 120 = 69,240, with 60 and 880 */
        {CLASS("        self.c = nn.Conv2d(1, 6, 3)\n        self.d = nn.Conv2d(6, 16, 3)\n"
               "        self.fc = nn.Linear(400, 120)\n",
               "        x = F.max_pool2d(F.relu(self.c(x)), 2)\n"
               "        x = F.max_pool2d(F.relu(self.d(x)), 2)\n"
               "        return self.fc(torch.flatten(x, 1))\n"),
         "1x32x32", "linear-in fc 400 576 576;", 70180},
        {"nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(4, 5, 1), nn.BatchNorm2d(6))", "3x9x9",
         "conv-in 1 4 8 8;norm-in 2 6 5 5;", 279},
        {"nn.Sequential(nn.Conv2d(3, 8, 3))", "1x9x9", "conv-in 0 3 1 1;", 80},
        {"nn.Sequential(nn.Linear(784, 10))", "1x28x28", "no-flatten 0 784 784 784;", 7850},
        /* the rows of a map: PyTorch works on the last axis */
        {"nn.Sequential(nn.Linear(28, 10))", "1x28x28", "", 290},
        {CLASS("        self.fc = nn.Linear(100, 2)\n",
               "        return self.fc(x.view(-1, 100))\n"),
         "3x8x8", "view view 100 192 192;linear-in fc 100 192 192;", 386},
        {CLASS("        self.fc = nn.Linear(96, 2)\n", "        return self.fc(x.view(-1, 96))\n"),
         "3x8x8", "view-batch view 96 192 192;linear-in fc 96 192 192;", 386},
        {"nn.Sequential(nn.InstanceNorm2d(99), nn.InstanceNorm2d(9, affine=True))", "3x8x8",
         "norm-in 1 9 3 3;", 6},
        {"nn.Sequential(nn.PReLU(7), nn.GroupNorm(1, 5))", "3x8x8",
         "norm-in 0 7 3 3;norm-in 1 5 3 3;", 9},
        /* Flatten where only one value may be: 224 + 288*10 + 10, run in PyTorch */
        {"def fc(i, o):\n    return nn.Linear(i, o)\n"
         "nn.Sequential(nn.Conv2d(3, 8, 3), fc(288, 10))",
         "3x8x8", "no-flatten 1 288 288 288;", 3114},
        {"layers = [nn.Conv2d(3, 8, 3)]\nlayers.append(nn.Linear(300, 10))\n"
         "nn.Sequential(*layers)",
         "3x8x8", "no-flatten 1 300 288 288;linear-in 1 300 288 288;", 3114},
        {"nn.Sequential(OrderedDict([('c', nn.Conv2d(3, 8, 3)), ('f', nn.Linear(288, 10))]))",
         "3x8x8", "no-flatten f 288 288 288;", 3114},
        {"nn.Sequential(*[nn.Conv2d(3, 8, 3), nn.Linear(288, 10)])", "3x8x8",
         "no-flatten 1 288 288 288;", 3114},
        /* of which the double does not fit into 64 bits */
        {"nn.Sequential(nn.Flatten(), nn.Linear(-9223372036854775807, 2))", "3x2x2",
         "linear-in 1 -9223372036854775807 12 12;", 26},
        /* a printed Sequential hides nothing: 224 + 8*16*9 + 16 + 256*10 + 10 */
        {"Sequential(\n  (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))\n"
         "  (1): Conv2d(9, 16, kernel_size=(3, 3), stride=(1, 1))\n  (2): Flatten()\n"
         "  (3): Linear(in_features=100, out_features=10, bias=True)\n)\n",
         "3x8x8", "conv-in 1 9 8 8;linear-in 3 100 256 256;", 3962},
        /* one edit inside of what another one is about: 288*2 + 2, the convolution is not counted
         */
        {CLASS("        self.fc = nn.Linear(288, 2)\n",
               "        return self.fc(nn.Conv2d(4, 8, 3)(x))\n"),
         "3x8x8", "conv-in  4 3 3;no-flatten fc 288 288 288;", 578},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_network net;
        cnn_error err;
        char found[512] = "";
        if (!read_pasted(rows[i].text, rows[i].input, "", &net, &err)) {
            EXPECT(failed, false, "row %zu: %s", i, sentence(&err));
            continue;
        }
        for (const cnn_mismatch *m = net.pasted->mismatches; m != NULL; m = m->next) {
            const size_t used = strlen(found);
            snprintf(found + used, sizeof found - used, "%s %.*s %lld %lld %lld;", m->kind,
                     (int)m->layer.size, m->layer.data, (long long)m->declared,
                     (long long)m->enters, (long long)m->write);
        }
        EXPECT(failed, strcmp(found, rows[i].found) == 0, "row %zu: %s", i, found);
        EXPECT(failed, net.totals.params == rows[i].params, "row %zu: %lld parameters", i,
               (long long)net.totals.params);
        /* What is repaired has no mismatch, and the same parameters. */
        static char fixed[4096];
        cnn_writer to = sink_open(&output);
        assert_true(cnn_paste_fix_write(&net, &to));
        assert_true(output.size < sizeof fixed);
        memcpy(fixed, output.data, output.size + 1);
        EXPECT(failed, rows[i].found[0] != '\0' || strcmp(fixed, rows[i].text) == 0,
               "row %zu: a byte changed", i);
        if (!read_pasted(fixed, rows[i].input, "", &net, &err)) {
            EXPECT(failed, false, "row %zu repaired: %s", i, sentence(&err));
            continue;
        }
        EXPECT(failed, net.pasted->mismatch_count == 0 && net.totals.params == rows[i].params,
               "row %zu repaired: %s", i, fixed);
    }
    assert_int_equal(failed, 0);
}

/* ---- refusals and limits ---- */

#define CAFFE "input: \"a\" input_dim: 1 input_dim: 4 input_dim: 8 input_dim: 8 "

static void test_errors(void **state)
{
    (void)state;
    static const struct {
        const char *text, *define;
        const char *id;
        const char *word; /* in the sentence */
    } rows[] = {
        {"nn.Sequential(nn.LSTM(3, 4))", "", "paste-refused", "nn.LSTM"},
        {"Sequential([Lambda(lambda x: x, input_shape=(3, 3, 1))])", "", "paste-refused", "Lambda"},
        {"x = keras.Input((3,))\nm = merge([x, x], mode='most')\nmodel = Model(x, m)", "",
         "paste-refused", "sum, mul, concat"},
        {"x = keras.Input((3, 3, 1))\nm = merge([x, x], mode='dot')\nmodel = "
         "Model(x, m)",
         "", "paste-refused", "two vectors"},
        {"x = keras.Input((9, 9, 3))\nm = tf.pad(x, [[1, 1], [1, 1], [1, 1], [0, 0]])\n"
         "model = keras.Model(x, m)",
         "", "paste-not-followed", "tf.pad"},
        {"x = keras.Input((9, 9, 3))\nm = tf.nn.max_pool2d(x, [1, 2, 2, 3], 2, 'SAME')\n"
         "model = keras.Model(x, m)",
         "", "paste-not-followed", "max_pool2d"},
        {"x = keras.Input((9, 9, 3))\nmodel = keras.Model(x, tf.image.resize(x, 7))", "",
         "paste-not-followed", "tf.image.resize"},
        {"x = Sequential([Dense(3, input_dim=2)])\nmodel = Sequential([Dense(3, input_dim=2), "
         "Merge([x, x])])",
         "", "paste-not-followed", "Merge"},
        {"Sequential([Conv2DTranspose(1, 9223372036854775807, dilation_rate=3, padding='same', "
         "output_padding=0, input_shape=(5, 5, 1))])",
         "", "overflow", "the window"},
        {"Sequential([Conv2DTranspose(1, 3, strides=(2, 1), output_padding=1, "
         "input_shape=(5, 5, 1))])",
         "", "paste-refused", "smaller than the stride"},
        {"Sequential([Deconvolution2D(1, 3, 3, output_shape=(5, 5), input_shape=(5, 5, 1))])", "",
         "paste-not-followed", "(5, 5)"},
        {"nn.Sequential(MyBlock(3), nn.ReLU())", "", "paste-unknown", "MyBlock"},
        {"nn.Sequential(nn.ReLU, nn.Conv2d(3, 3, 3))", "", "paste-refused", "nn.ReLU"},
        {"nn.Sequential(nn.Conv2d(3, n, 3))", "", "paste-name", "n"},
        {"nn.Sequential(nn.Conv2d(3, n, 3))", "m=3", "paste-name", "n"},
        {"nn.Sequential(nn.Conv2d(3, 8, 3))", "m=3", "paste-define", "m"},
        {"nn.Sequential(nn.Linear(105/1, 3))", "", "paste-fraction", "Linear"},
        {"nn.Sequential(nn.Conv2d(3, 8))", "", "paste-missing", "kernel_size"},
        {"nn.Sequential(nn.Conv2d(3, 8, 3, pading=1))", "", "paste-argument", "pading"},
        {"nn.Sequential(nn.Conv2d(3, 8, 3, 0))", "", "too-small", "stride"},
        {"nn.Sequential(nn.Conv2d(3, 8, 3, 2, 'same'))", "", "paste-same-stride", ""},
        {"nn.Sequential(nn.Conv2d(3, 9**9**9, 3))", "", "overflow", ""},
        {"nn.Sequential(nn.Conv2d(3, 8, 3)", "", "paste-open", ""},
        {"nn.Sequential(nn.MaxPool2d(2, padding=2))", "", "padding-too-large", ""},
        {"def f(n):\n    return nn.Sequential(f(n))\nf(3)", "", "paste-calls", ""},
        {"x = [0]*10**9\nnn.Conv2d(3, 3, 3)", "", "paste-memory", ""},
        {"m = nn.Sequential()\nm.add_module('a', m)", "", "paste-calls", ""},
        {CLASS("        self.c = nn.Conv2d(3, 3, 3)\n",
               "        if x.mean() > 0:\n            return self.c(x)\n        return x\n"),
         "", "paste-data", "if"},
        {CLASS("        self.c = nn.Conv2d(3, 3, 3)\n        self.c.padding = 3\n",
               "        return self.c(x)\n"),
         "", "paste-refused", "padding"},
        {CLASS("        self.w = nn.Parameter(torch.zeros(n))\n", "        return x * self.w\n"),
         "", "paste-refused", "nn.Parameter"},
        {CLASS("        self.a = nn.Conv2d(3, 3, 3)\n", "        return x + self.a(x)\n"), "",
         "add-shapes", ""},
        {"import torch\nprint('no network')", "", "paste-no-model", ""},
        {"import torchvision\nm = models.resnet18()\nm.fc = nn.Linear(512, 3)", "", "paste-library",
         "models.resnet18"},
        {"net = nn.Sequential(nn.ReLU())\nnet[0] = odd(net[0])", "", "paste-not-followed",
         "net[0]"},
        {"n = classes * 2\nnn.Sequential(nn.Conv2d(3, n, 3))", "", "paste-name", "classes"},
        {"input: \"a\" input_dim: 3 input_dim: 8 input_dim: 8 layer { type: \"ReLU\" bottom: \"a\" "
         "}",
         "", "paste-input-dim", "3 values"},
        {CAFFE "layer { type: \"Slice\" bottom: \"a\" top: \"b\" top: \"c\" top: \"d\" "
               "slice_param { slice_point: 2 } }",
         "", "paste-slice", "1 slice_points"},
        {CAFFE "layer { type: \"Slice\" bottom: \"a\" top: \"b\" top: \"c\" }", "", "split",
         "3 channels do not split into 2"},
        {CAFFE "layer { type: \"Slice\" bottom: \"a\" top: \"b\" top: \"c\" "
               "slice_param { slice_point: 4 } }",
         "", "paste-index", "4 of 3"},
        {CAFFE "layer { type: \"Slice\" bottom: \"a\" top: \"b\" slice_param { axis: 0 } }", "",
         "paste-batch-axis", "batch"},
        {CAFFE "layer { type: \"Reshape\" bottom: \"a\" top: \"b\" "
               "reshape_param { shape { dim: 0 dim: 63 } } }",
         "", "reshape", "63 values, but 3072"},
        {CAFFE "layer { type: \"Reshape\" bottom: \"a\" top: \"b\" "
               "reshape_param { shape { dim: -1 dim: 2 dim: -1 } } }",
         "", "paste-batch-axis", "batch"},
        {CAFFE "layer { type: \"Pooling\" bottom: \"a\" top: \"b\" pooling_param { kernel_size: 2 "
               "stride: 2 } } layer { type: \"Eltwise\" bottom: \"a\" bottom: \"b\" }",
         "", "add-shapes", "3x32x32 and 3x16x16"},
        {CAFFE "layer { type: \"Pooling\" bottom: \"a\" top: \"b\" pooling_param { kernel_size: 2 "
               "stride: 2 } } layer { type: \"Crop\" bottom: \"b\" bottom: \"a\" }",
         "", "crop", "3x32x32 cannot be cut out of 3x16x16"},
        {CAFFE "layer { type: \"Crop\" bottom: \"a\" bottom: \"a\" "
               "crop_param { offset: 9223372036854775807 } }",
         "", "crop", "3x32x32 cannot be cut out of 3x32x32"},
        {CAFFE
         "layer { type: \"Convolution\" bottom: \"a\" top: \"b\" param { name: \"w\" } param { "
         "name: \"v\" } convolution_param { num_output: 4 kernel_size: 1 } } "
         "layer { type: \"Convolution\" bottom: \"b\" top: \"c\" param { name: \"w\" } "
         "convolution_param { num_output: 4 kernel_size: 1 } }",
         "", "paste-refused", "shares some"},
        {CAFFE "layer { type: \"Convolution\" bottom: \"a\" convolution_param { kernel_size: 1 } }",
         "", "paste-missing", "num_output"},
        {CAFFE "layer { type: \"Convolution\" bottom: \"a\" convolution_param { num_output: 1 } }",
         "", "paste-missing", "kernel_size"},
        {CAFFE "layer { type: \"Convolution\" bottom: \"a\" "
               "convolution_param { num_output: 1 kernel_size: [1, 2, 3] } }",
         "", "paste-sides", "3 numbers are given for 2 axes"},
        {"_________\nLayer (type)  Output Shape  Param #\nconv2d (Conv2D)  (None, 8, 8, 4)  112\n",
         "", "paste-summary-keras", "112 parameters in 1"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_network net;
        cnn_error err;
        const bool done = read_pasted(rows[i].text, "3x32x32", rows[i].define, &net, &err);
        EXPECT(failed, !done && strcmp(cnn_error_id(&err), rows[i].id) == 0, "row %zu: %s %s", i,
               cnn_error_id(&err), done ? "read" : sentence(&err));
        EXPECT(failed, done || strstr(sentence(&err), rows[i].word) != NULL, "row %zu: %s", i,
               sentence(&err));
    }
    assert_int_equal(failed, 0);
}

/* ---- sizes that the text says, or not ---- */

static void test_inputs(void **state)
{
    (void)state;
    static const struct {
        const char *text, *input, *define;
        int64_t in[3], out[3]; /* channels 0: not known */
        int64_t params;
    } rows[] = {
        {"m = nn.Sequential(nn.Conv2d(3, 8, 3))\nm(torch.randn(2, 3, 16, 20))",
         "",
         "",
         {3, 16, 20},
         {8, 14, 18},
         224},
        {"m = nn.Sequential(nn.Conv2d(3, 8, 3))\nsummary(m, (3, 16, 20))",
         "",
         "",
         {3, 16, 20},
         {8, 14, 18},
         224},
        {"nn.Sequential(nn.Linear(784, 10))", "784", "", {784, 0, 0}, {10, 0, 0}, 7850},
        {"nn.Sequential(nn.Linear(784, 10))", "", "", {784, 0, 0}, {10, 0, 0}, 7850},
        {"nn.Sequential(nn.Conv2d(1, 8, 3))", "28", "", {1, 28, 28}, {8, 26, 26}, 80},
        {"nn.Sequential(nn.Conv2d(1, 8, 3))", "28x30", "", {1, 28, 30}, {8, 26, 28}, 80},
        /* (12 + 4)^2 = 256 and a half of it, rounded down, is 8: sides of 16 and 17 give 8x8 */
        {"nn.Sequential(nn.Conv2d(3, 4, 1), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 5))",
         "",
         "",
         {3, 16, 16},
         {5, 0, 0},
         1301},
        /* 28 is the usual one among 28 and 29 */
        {"nn.Sequential(nn.Conv2d(1, 1, 1), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(196, 5))",
         "",
         "",
         {1, 28, 28},
         {5, 0, 0},
         987},
        {"nn.Sequential(nn.Conv2d(3, 8, 3))", "", "", {0, 0, 0}, {0, 0, 0}, 224},
        {"nn.Sequential(nn.Conv2d(3, n, 3))", "8", "n=4", {3, 8, 8}, {4, 6, 6}, 112},
        {"n = 3\nnn.Sequential(nn.Conv2d(3, n, 3))", "8", "n=4", {3, 8, 8}, {4, 6, 6}, 112},
        {"Sequential([Conv2D(8, 3, input_shape=(9, 12, 1)), GlobalAveragePooling2D()])",
         "",
         "",
         {1, 9, 12},
         {8, 0, 0},
         80},
        /* channels first, for the layer that says so */
        {"Sequential([Conv2D(8, 3, input_shape=(1, 9, 12), data_format='channels_first')])",
         "",
         "",
         {1, 9, 12},
         {8, 7, 10},
         80},
        /* in*s + max(k - s, 0): 5*3 = 15, 6*3 = 18 */
        {"Sequential([Conv2DTranspose(4, 2, strides=3, input_shape=(5, 6, 2))])",
         "",
         "",
         {2, 5, 6},
         {4, 15, 18},
         36},
        /* 9*12 + 10 on each of 20*20 places */
        {"Sequential([Dense(10, input_shape=(20, 20, 12))])",
         "",
         "",
         {12, 20, 20},
         {10, 20, 20},
         130},
        /* one slope for each of 4*5*3 values */
        {"Sequential([PReLU(input_shape=(4, 5, 3))])", "", "", {3, 4, 5}, {3, 4, 5}, 60},
        {"Sequential([PReLU(shared_axes=[1, 2], input_shape=(4, 5, 3))])",
         "",
         "",
         {3, 4, 5},
         {3, 4, 5},
         3},
        /* all padding before it, so that the length stays: 2*4*3 + 3 */
        {"Sequential([Conv1D(3, 2, padding='causal', input_shape=(5, 4))])",
         "",
         "",
         {4, 5, 0},
         {3, 5, 0},
         27},
        {"DataParallel(\n  (module): Sequential(\n    (0): Conv2d(3, 8, kernel_size=(3, 3), "
         "stride=(2, 2))\n  )\n)\n",
         "3x9x11",
         "",
         {3, 9, 11},
         {8, 4, 5},
         224},
        /* a norm of vectors takes its size from the call; 2*17 */
        {"model = nn.Sequential(nn.BatchNorm1d(17), nn.ReLU())\nmodel(torch.zeros(2, 17))",
         "",
         "",
         {17, 0, 0},
         {17, 0, 0},
         34},
        /* no shifts, or no factors; two means over 3 and 2 axes: 8, 8, and 2*4*5 with 2*4*5*8 */
        {"Sequential([BatchNormalization(scale=False, input_shape=(4, 5, 8)), "
         "BatchNormalization(center=False), LayerNormalization(axis=[1, 2]), "
         "LayerNormalization(axis=[1, 2, 3])])",
         "",
         "",
         {8, 4, 5},
         {8, 4, 5},
         8 + 8 + 40 + 320},
        /* Keras 1 by its keyword: 3x3, not stride 3 */
        {"model = Sequential()\nmodel.add(Convolution2D(8, 3, 3, border_mode='same', "
         "input_shape=(9, 9, 1)))",
         "",
         "",
         {1, 9, 9},
         {8, 9, 9},
         80},
        /* 340 + 20,040 + 54,150 + 1,510, datascience.stackexchange 27248 */
        {"1x29x29-20C4-MP2-40C5-MP3-150N-10N", "", "", {1, 29, 29}, {10, 0, 0}, 76040},
        {"1x29x29 \xE2\x88\x92 (20C4)_2 \xE2\x88\x92 MP2",
         "",
         "",
         {1, 29, 29},
         {20, 11, 11},
         340 + 6420},
        /* darknet pads by the size less one, 57 gives 29; by 0, 40 gives 19 */
        {"[net]\nwidth=57\nheight = 57 \n# a comment\nchannels=3\n[maxpool]\nsize=3\nstride=2\n",
         "",
         "",
         {3, 57, 57},
         {3, 29, 29},
         0},
        /* darknet prints 3x20 of the crop, 4x8x10, then 4x6x8: (27 + 1)*4*80 and (36 + 1)*4*48 with
         * its weights and biases of every place, and 8 of the norm between */
        {"[net]\nheight=20\nwidth=24\nchannels=3\n[crop]\ncrop_height=16\ncrop_width=20\n"
         "[local]\nfilters=4\nsize=3\nstride=2\npad=1\nactivation=leaky\n[batchnorm]\n"
         "[normalization]\n[local]\nfilters=4\nsize=3\nactivation=linear\n[logistic]\n[l2norm]\n",
         "",
         "",
         {3, 20, 24},
         {4, 6, 8},
         8960 + 8 + 7104},
        /* AlexeyAB's route of yolov4-tiny: the second half of each source, 2 + 3 channels */
        {"[net]\nheight=8\nwidth=8\nchannels=4\n[convolutional]\nfilters=6\n"
         "[route]\nlayers=-1\ngroups=2\ngroup_id=1\n[convolutional]\nfilters=4\n"
         "[route]\nlayers=0, -1\ngroups=2\ngroup_id=1\n",
         "",
         "",
         {4, 8, 8},
         {5, 8, 8},
         30 + 16},
        /* reorg and back */
        {"[net]\nheight=8\nwidth=6\nchannels=4\n[reorg]\nstride=2\n[reorg]\nstride=2\nreverse=1\n",
         "",
         "",
         {4, 8, 6},
         {4, 8, 6},
         0},
        {"[net]\nwidth=40\nheight=40\nchannels=3\n[maxpool]\nsize=3\nstride=2\npadding=0",
         "",
         "",
         {3, 40, 40},
         {3, 19, 19},
         0},
        {"[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nbatch_normalize=1\nfilters=8\n"
         "size=3\npad=1\nactivation=leaky\n[convolutional]\nfilters=4\n[route]\nlayers=-1,0\n"
         "[shortcut]\nfrom=1\n[connected]\noutput=2\n",
         "",
         "",
         {3, 8, 8},
         {2, 0, 0},
         216 + 16 + 36 + 12 * 64 * 2 + 2},
        /* Caffe's poolings round up: ceil((4 - 3)/2) + 1 = 2 */
        {"input: \"data\" input_dim: 1 input_dim: 1 input_dim: 10 input_dim: 10\n"
         "layer { name: \"c\" type: \"Convolution\" bottom: \"data\" top: \"c\"\n"
         "convolution_param { num_output: 4 kernel_size: 3 stride: 2 } }\n"
         "layer { type: \"ReLU\" bottom: \"c\" top: \"c\" }\n"
         "layer { type: \"Pooling\" bottom: \"c\" top: \"p\"\n"
         "pooling_param { pool: MAX kernel_size: 3 stride: 2 } }",
         "",
         "",
         {1, 10, 10},
         {4, 2, 2},
         40},
        {"[8, 'M',\n 16]  # small", "3x8x8", "", {3, 8, 8}, {16, 4, 4}, 224 + 1168},
        {"'D': [8, 'M', 16],", "3x8x8", "", {3, 8, 8}, {16, 4, 4}, 224 + 1168},
        {"{\"class_name\": \"Sequential\", \"config\": {\"layers\": [{\"class_name\": \"Dense\", "
         "\"config\": {\"units\": 4, \"batch_input_shape\": [null, 6], \"name\": \"d\"}}]}}",
         "",
         "",
         {6, 0, 0},
         {4, 0, 0},
         28},
        {"model = Sequential()\nmodel.add(Conv2D(8, 3, 3, input_shape=(9, 9, 1)))",
         "",
         "",
         {1, 9, 9},
         {8, 3, 3},
         80},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_network net;
        cnn_error err;
        if (!read_pasted(rows[i].text, rows[i].input, rows[i].define, &net, &err)) {
            EXPECT(failed, false, "row %zu: %s", i, sentence(&err));
            continue;
        }
        const cnn_shape *shape[] = {&net.layers[0].out, &net.layers[net.output].out};
        const int64_t *want[] = {rows[i].in, rows[i].out};
        for (int k = 0; k < 2; k++) {
            EXPECT(failed,
                   shape[k]->channels == want[k][0] && shape[k]->side[0] == want[k][1] &&
                       shape[k]->side[1] == want[k][2],
                   "row %zu, %s: %lldx%lldx%lld", i, k == 0 ? "input" : "output",
                   (long long)shape[k]->channels, (long long)shape[k]->side[0],
                   (long long)shape[k]->side[1]);
        }
        EXPECT(failed, net.totals.params == rows[i].params, "row %zu: %lld", i,
               (long long)net.totals.params);
        EXPECT(failed, net.pasted->mismatch_count == 0, "row %zu: a mismatch", i);
    }
    assert_int_equal(failed, 0);
}

/* ---- summaries as answers ---- */

#define BAR "\xE2\x94\x82"

static void test_summaries(void **state)
{
    (void)state;
    static const char code[] =
        "inputs = keras.Input(shape=(8, 8, 3))\n"
        "x = layers.Conv2D(4, 3, padding='same', activation='relu')(inputs)\n"
        "y = layers.BatchNormalization()(x)\nx = layers.Add()([x, y])\n"
        "x = layers.GlobalAveragePooling2D()(x)\noutputs = layers.Dense(2)(x)\n"
        "model = keras.Model(inputs, outputs)\n";
    static const char nested[] =
        "first = Sequential([RandomFlip(input_shape=(6, 6, 3)), RandomRotation(0.1)])\n"
        "base = Sequential([Conv2D(4, 3, padding='same', input_shape=(6, 6, 3)), MaxPooling2D(), "
        "ReLU()])\n"
        "model = Sequential([first, Rescaling(1./255), Dense(3), base, Flatten()])\n";
    static const char module[] = "nn.Sequential(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.Flatten(), "
                                 "nn.Linear(96, 2))";
    /* 3*4*9 + 4 = 112; 4*4 = 16, half of it trained; 4*2 + 2 = 10. 6*25 + 6; 96*2 + 2 */
    static const struct {
        const char *code, *input, *summary;
        bool right;
    } rows[] = {
        {code, "",
         " Layer (type)  Output Shape  Param #\n"
         " input_1 (InputLayer)  [(None, 8, 8, 3)]  0  []\n"
         " conv2d (Conv2D)  (None, 8, 8, 4)  112  ['input_1[0][0]']\n"
         " batch_normalization (BatchNo  (None, 8, 8, 4)  16  ['conv2d[0][0]']\n"
         " add (Add)  (None, 8, 8, 4)  0  ['conv2d[0][0]']\n"
         " global_average_pooling2d (Gl  (None, 4)  0\n dense (Dense)  (None, 2)  10\n"
         "Total params: 138\nTrainable params: 130\nNon-trainable params: 8\n",
         true},
        /* Keras 3 puts the kind on a separate line where the name is long. */
        {code, "",
         "\xE2\x94\x83 Layer (type)  \xE2\x94\x83 Output Shape  \xE2\x94\x83 Param # "
         "\xE2\x94\x83 Connected to \xE2\x94\x83\n" BAR " input_layer " BAR " (None, 8, 8, 3) " BAR
         " 0 " BAR " - " BAR "\n" BAR " (InputLayer) " BAR "  " BAR "  " BAR "  " BAR "\n" BAR
         " conv2d (Conv2D) " BAR " (None, 8, 8, 4) " BAR " 112 " BAR " input_layer[0]" BAR "\n" BAR
         " batch_normalization " BAR " (None, 8, 8, 4) " BAR " 16 " BAR " conv2d[0][0] " BAR
         "\n" BAR " (BatchNormalizatio\xE2\x80\xA6 " BAR "  " BAR "  " BAR " conv2d[0][0] " BAR
         "\n" BAR " add (Add) " BAR " (None, 8, 8, 4) " BAR " 0 " BAR " batch_normalizat" BAR
         "\n" BAR " global_average_poo\xE2\x80\xA6 " BAR " (None, 4) " BAR " 0 " BAR
         " add[0][0] " BAR "\n" BAR " dense (Dense) " BAR " (None, 2) " BAR " 10 " BAR
         " global_avera " BAR "\n"
         " Total params: 138 (552.00 B)\n",
         true},
        {code, "", " Layer (type)\n conv2d (Conv2D)  (None, 8, 8, 4)  113\n", false},
        /* models within a model, which have as many layers as they fit; 3*3 + 3 */
        {nested, "",
         " Layer (type)  Output Shape  Param #\n sequential (Sequential)  (None, 6, 6, 3)  0\n"
         " rescaling (Rescaling)  (None, 6, 6, 3)  0\n dense (Dense)  (None, 6, 6, 3)  12\n"
         " base (Sequential)  (None, 3, 3, 4)  112\n flatten (Flatten)  (None, 36)  0\n"
         "Total params: 124\n",
         true},
        {nested, "",
         " Layer (type)  Output Shape  Param #\n sequential (Sequential)  (None, 6, 6, 3)  0\n"
         " rescaling (Rescaling)  (None, 6, 6, 3)  0\n dense (Dense)  (None, 6, 6, 3)  12\n"
         " base (Sequential)  (None, 3, 3, 4)  113\n flatten (Flatten)  (None, 36)  0\n",
         false},
        {code, "", " Layer (type)\n conv2d (Conv2D)  (None, 8, 4, 8)  112\n", false},
        {code, "", " Layer (type)\n conv2d (Conv2D)  (None, 8, 8, 4)  112\nTotal params: 130\n",
         false},
        {module, "1x8x8",
         "Layer (type)  Output Shape  Param #\nConv2d-1 [-1, 6, 4, 4] 156\n"
         "ReLU-2 [-1, 6, 4, 4] 0\nFlatten-3 [-1, 96] 0\nLinear-4 [-1, 2] 194\n"
         "Total params: 350\n",
         true},
        /* torchinfo with the columns and names that it was told */
        {module, "1x8x8",
         "Layer (type (var_name):depth-idx)  Input Shape  Output Shape  Param #  Kernel Shape\n"
         "Sequential (Net)  [1, 1, 8, 8]  [1, 2]  --  --\nConv2d (First): 1-1  [1, 1, 8, 8]  "
         "[1, 6, 4, 4]  156  [5, 5]\nReLU (1): 1-2  [1, 6, 4, 4]  [1, 6, 4, 4]  --  --\n"
         "Flatten (2): 1-3  [1, 6, 4, 4]  [1, 96]  --  --\nLinear (3): 1-4  [1, 96]  [1, 2]  194  "
         "--\nTotal params: 350\n",
         true},
        {module, "1x8x8",
         "Layer (type:depth-idx)  Kernel Shape  Output Shape  Mult-Adds  Param #\n"
         "Conv2d: 1-1  [5, 5]  [1, 6, 4, 4]  155  2,496\n",
         false},
        {module, "1x8x8",
         "Layer (type:depth-idx)  Output Shape  Param #\nSequential [1, 2] --\n"
         "\xE2\x94\x9C\xE2\x94\x80"
         "Conv2d: 1-1 [1, 6, 4, 4] 156\n"
         "\xE2\x94\x9C\xE2\x94\x80"
         "ReLU: 1-2 [1, 6, 4, 4] --\n"
         "\xE2\x94\x9C\xE2\x94\x80"
         "Flatten: 1-3 [1, 95] --\n",
         false},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_network net;
        cnn_error err;
        bool right = !rows[i].right;
        cnn_writer to = sink_open(&output);
        assert_true(cnn_summary_recognise(view(rows[i].summary)));
        assert_true(read_pasted(rows[i].code, rows[i].input, "", &net, &err));
        assert_true(cnn_summary_check(&net, view(rows[i].summary), &to, &right, &err));
        EXPECT(failed, right == rows[i].right, "row %zu: %s", i, output.data);
    }
    assert_false(cnn_summary_recognise(view("index\tlayer\n1\tconv3-64\n")));
    assert_int_equal(failed, 0);
}

/* The error for a dialect that does not exist names all that do. */
static void test_dialects(void **state)
{
    (void)state;
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_settings settings = {.from = view("?")};
    cnn_error err = {0};
    cnn_network net = {0};
    assert_false(cnn_paste_read(&arena, view("nn.ReLU()"), &settings, &net, &err));
    cnn_writer to = sink_open(&output);
    cnn_error_write_hint(&err, &to);
    for (size_t i = 0; i < cnn_dialect_count; i++) {
        assert_non_null(strstr(output.data, cnn_dialects[i].name));
    }
}

/* Whatever the arena's size: the same network, or out of memory. */
static void test_memory(void **state)
{
    (void)state;
    static const char text[] =
        CLASS("        self.f = nn.Sequential(*[nn.Conv2d(3, 3, 3) for i in range(3)])\n"
              "        self.fc = nn.Linear(3 * 2 * 2, 2)\n",
              "        y = self.f(x)\n        y = torch.cat([y, y], 1)\n"
              "        return self.fc(y.mean([2, 3]))\n");
    bool fitted = false;
    for (size_t size = 0; size < 1 << 16; size += 64) {
        cnn_arena arena = cnn_arena_over(memory, size);
        const cnn_settings settings = {.input = view("3x8x8")};
        cnn_error err = {0};
        cnn_network net = {0};
        const bool done = cnn_paste_read(&arena, view(text), &settings, &net, &err);
        assert_true(done || err.code == CNN_OUT_OF_MEMORY);
        assert_true(done || !fitted); /* more memory never fails where less was enough */
        fitted |= done;
        assert_true(!done || net.totals.params == 3 * (3 * 3 * 9 + 3) + 6 * 2 + 2);
    }
    assert_true(fitted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recognition), cmocka_unit_test(test_examples),
        cmocka_unit_test(test_mismatches),  cmocka_unit_test(test_errors),
        cmocka_unit_test(test_inputs),      cmocka_unit_test(test_memory),
        cmocka_unit_test(test_summaries),   cmocka_unit_test(test_dialects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
