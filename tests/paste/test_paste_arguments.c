/*
 * Each argument of each layer that counts, set to a name without a value: the error names it, at
 * its place. So no argument is passed over, and none is read as something else. The same for the
 * keys of configurations, with what is no number.
 */
#include "support.h"

static _Alignas(16) unsigned char memory[1 << 20];
static int failed;

typedef struct row {
    const char *input, *layer; /* the layer with a value for each argument, as "name=value" */
} row;

static const row torch[] = {
    {"3x9x9", "nn.Conv2d(in_channels=3, out_channels=4, kernel_size=3, stride=1, padding=0, "
              "dilation=1, groups=1, bias=True)"},
    {"3x9x9", "nn.ConvTranspose2d(in_channels=3, out_channels=4, kernel_size=3, stride=2, "
              "padding=0, output_padding=0, groups=1, bias=True, dilation=1)"},
    {"3x9x9", "nn.LazyConv2d(out_channels=4, kernel_size=3, stride=1, padding=0, bias=True)"},
    {"3x9x9", "nn.MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, "
              "return_indices=False, ceil_mode=False)"},
    {"3x9x9", "nn.AvgPool2d(kernel_size=2, stride=2, padding=0, ceil_mode=False)"},
    {"3x9x9", "nn.MaxUnpool2d(kernel_size=2, stride=2, padding=0)"},
    {"3x9x9", "nn.LPPool2d(2, kernel_size=2, stride=2, ceil_mode=False)"},
    {"3x9x9", "nn.AdaptiveAvgPool2d(output_size=2)"},
    {"3x9x9", "nn.AdaptiveMaxPool2d(output_size=2, return_indices=False)"},
    {"9", "nn.Linear(in_features=9, out_features=3, bias=True)"},
    {"9", "nn.LazyLinear(out_features=3, bias=True)"},
    {"3x9x9", "nn.BatchNorm2d(num_features=3, affine=True, track_running_stats=True)"},
    {"3x9x9", "nn.InstanceNorm2d(num_features=3, affine=True, track_running_stats=False)"},
    {"4x9x9", "nn.GroupNorm(num_groups=2, num_channels=4, affine=True)"},
    {"3x9x9", "nn.LayerNorm(normalized_shape=9, elementwise_affine=True, bias=True)"},
    {"3x9x9", "nn.LocalResponseNorm(size=2)"},
    {"3x9x9", "nn.PReLU(num_parameters=3)"},
    {"4x9x9", "nn.PixelShuffle(upscale_factor=2)"},
    {"4x8x8", "nn.PixelUnshuffle(downscale_factor=2)"},
    {"4x8x8", "nn.ChannelShuffle(groups=2)"},
    {"4x8x8", "nn.ZeroPad2d(padding=2)"},
    {"4x8x8", "nn.ConstantPad2d(padding=2)"},
    {"4x8x8", "nn.GLU(dim=1)"},
    {"4x8x8", "nn.Flatten(start_dim=1, end_dim=2)"},
    {"8", "nn.Unflatten(dim=1, unflattened_size=[8])"},
    {"4x8x8", "nn.Upsample(size=9)"},
    {"4x8x8", "nn.Upsample(scale_factor=2)"},
};

static const row forward[] = {
    {"4x8x8", "F.interpolate(x, size=9)"},
    {"4x8x8", "F.interpolate(x, scale_factor=2)"},
    {"4x8x8", "F.pad(x, pad=[1])"},
    {"4x8x8", "F.max_pool2d(x, kernel_size=2, stride=2, padding=0, dilation=1, "
              "return_indices=False, ceil_mode=False)"},
    {"4x8x8", "F.avg_pool2d(x, kernel_size=2, stride=2, padding=0, ceil_mode=False)"},
    {"4x8x8", "F.lp_pool2d(x, 2, kernel_size=2, stride=2, ceil_mode=False)"},
    {"4x8x8", "F.max_unpool2d(x, None, kernel_size=2, stride=2, padding=0)"},
    {"4x8x8", "F.adaptive_avg_pool2d(x, output_size=1)"},
    {"4x8x8", "F.adaptive_max_pool2d(x, output_size=1, return_indices=False)"},
    {"4x8x8", "F.layer_norm(x, normalized_shape=8)"},
    {"4x8x8", "F.group_norm(x, num_groups=2)"},
    {"4x8x8", "F.local_response_norm(x, size=2)"},
    {"4x8x8", "F.pixel_shuffle(x, upscale_factor=2)"},
    {"4x8x8", "F.pixel_unshuffle(x, downscale_factor=2)"},
    {"4x8x8", "F.glu(x, dim=1)"},
    {"4x8x8", "x.flatten(start_dim=1, end_dim=2)"},
    {"4x8x8", "x.mean(dim=1, keepdim=True)"},
    {"4x8x8", "x.mean(axis=1, keepdims=True)"},
    {"4x8x8", "x.max(dim=1, keepdim=True)"},
    {"4x8x8", "x.amax(dim=1, keepdim=True)"},
    {"4x8x8", "x.std(dim=1, keepdim=True)"},
    {"4x8x8", "x.squeeze(dim=1)"},
    {"4x8x8", "x.unsqueeze(dim=1)"},
    {"4x8x8", "x.transpose(dim0=1, dim1=2)"},
    {"4x8x8", "x.norm(2, dim=1, keepdim=True)"},
    {"4x8x8", "x.chunk(chunks=2, dim=1)"},
    {"4x8x8", "x.split(split_size=2, dim=1)"},
    {"4x8x8", "x.tensor_split(indices_or_sections=2, dim=1)"},
    {"4x8x8", "x.unbind(dim=1)"},
    {"4x8x8", "x.select(dim=1, index=0)"},
    {"4x8x8", "x.narrow(dim=1, start=0, length=2)"},
    {"4x8x8", "x.movedim(source=1, destination=2)"},
    {"4x8x8", "x.unflatten(dim=1, sizes=[4])"},
    {"4x8x8", "F.normalize(x, dim=1)"},
    {"4x8x8", "torch.stack([x, x], dim=1)"},
    {"4x8x8", "x.size(dim=1)"},
    {"4x8x8", "torch.cat([x, x], dim=1)"},
    {"4x8x8", "torch.cat([x, x], axis=1)"},
};

static const row keras[] = {
    {"", "Conv2D(filters=4, kernel_size=3, strides=1, dilation_rate=1, groups=1, use_bias=True)"},
    {"", "Conv2DTranspose(filters=4, kernel_size=3, strides=1, output_padding=0, use_bias=True)"},
    {"", "DepthwiseConv2D(kernel_size=3, strides=1, depth_multiplier=1, use_bias=True)"},
    {"", "SeparableConv2D(filters=4, kernel_size=3, strides=1, depth_multiplier=1, use_bias=True)"},
    {"", "MaxPooling2D(pool_size=2, strides=2)"},
    {"", "AveragePooling2D(pool_size=2, strides=2)"},
    {"", "GlobalAveragePooling2D(keepdims=True)"},
    {"", "Dense(units=3, use_bias=True)"},
    {"", "BatchNormalization(axis=3, center=True, scale=True)"},
    {"", "GroupNormalization(groups=1, center=True, scale=True)"},
    {"", "LayerNormalization(axis=3, center=True, scale=True)"},
    {"", "ZeroPadding2D(padding=1)"},
    {"", "Cropping2D(cropping=1)"},
    {"", "UpSampling2D(size=2)"},
    {"", "Resizing(height=4, width=4)"},
    {"", "CenterCrop(height=4, width=4)"},
};

/* The text with one value replaced, then what reads it. */
static void try_argument(const row *r, const char *before, const char *after, const char *value,
                         size_t size)
{
    char text[1024];
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_settings settings = {.input = view(r->input)};
    cnn_error err = {0};
    cnn_network net = {0};
    snprintf(text, sizeof text, "%s%.*squux%s%s", before, (int)(value - r->layer), r->layer,
             value + size, after);
    const bool done = cnn_paste_read(&arena, view(text), &settings, &net, &err);
    EXPECT(failed, !done && strcmp(cnn_error_id(&err), "paste-name") == 0, "%s: %s", text,
           done ? "read" : cnn_error_id(&err));
    EXPECT(failed,
           done || (err.span.end == err.span.begin + 4 &&
                    memcmp(text + err.span.begin, "quux", 4) == 0),
           "%s: place %u", text, (unsigned)err.span.begin);
}

static void each_argument(const row *rows, size_t count, const char *before, const char *after)
{
    for (size_t i = 0; i < count; i++) {
        const char *at = rows[i].layer;
        while ((at = strchr(at, '=')) != NULL) {
            at++;
            try_argument(&rows[i], before, after, at, strcspn(at, ",)"));
        }
    }
}

/* ---- keys of configurations ---- */

/* A section of Darknet or a block of Caffe: "%s" is the key with its value. */
static const struct {
    const char *text, *keys;
} blocks[] = {
    {"[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\n%s=%s\n",
     "filters size stride stride_x stride_y dilation pad padding groups batch_normalize"},
    {"[net]\n%s=%s\n[convolutional]\nfilters=2\n", "channels height width inputs"},
    {"[net]\nwidth=8\nheight=8\nchannels=3\n[maxpool]\n%s=%s\n", "size stride padding"},
    {"[net]\nwidth=8\nheight=8\nchannels=3\n[connected]\n%s=%s\n", "output batch_normalize"},
    {"[net]\nwidth=8\nheight=8\nchannels=3\n[upsample]\n%s=%s\n", "stride"},
    {"[net]\nwidth=8\nheight=8\nchannels=3\n[lrn]\n%s=%s\n", "size"},
    {"[net]\nwidth=8\nheight=8\nchannels=3\n[reorg]\n%s=%s\n", "stride reverse"},
    {"[net]\nwidth=8\nheight=8\nchannels=3\n[dropout]\n[route]\n%s=%s\n", "layers groups group_id"},
    {"[net]\nwidth=8\nheight=8\nchannels=3\n[dropout]\n[shortcut]\n%s=%s\n", "from"},
    {"[net]\nwidth=8\nheight=8\nchannels=3\n[crop]\n%s=%s\n", "crop_height crop_width"},
    {"[net]\nwidth=8\nheight=8\nchannels=3\n[local]\n%s=%s\n", "filters size stride pad"},
#define CAFFE(type, param)                                                                         \
    "input: \"x\" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }\n"                                   \
    "layer { type: \"" type "\" bottom: \"x\" top: \"y\" " param " { %s: %s } }\n"
    {CAFFE("Convolution", "convolution_param"),
     "num_output group kernel_size kernel_h kernel_w stride stride_h stride_w pad pad_h pad_w "
     "dilation dilation_h dilation_w"},
    {CAFFE("Pooling", "pooling_param"),
     "kernel_size kernel_h kernel_w stride stride_h stride_w pad pad_h pad_w"},
    {CAFFE("InnerProduct", "inner_product_param"), "num_output"},
    {CAFFE("LRN", "lrn_param"), "local_size"},
    {CAFFE("Concat", "concat_param"), "axis"},
    {"layer { type: \"Input\" top: \"x\" input_param { shape { %s: %s } } }", "dim"},
};

/* No number at all, letters after one, and more than 64 bits. */
static void test_keys(void **state)
{
    (void)state;
    static const char *const values[] = {"many", "3x", "99999999999999999999"};
    for (size_t i = 0; i < LENGTH(blocks); i++) {
        for (const char *key = blocks[i].keys; *key != '\0'; key += strspn(key, " ")) {
            char word[32], text[512];
            const size_t size = strcspn(key, " ");
            snprintf(word, sizeof word, "%.*s", (int)size, key);
            key += size;
            for (size_t k = 0; k < LENGTH(values); k++) {
                cnn_arena arena = cnn_arena_over(memory, sizeof memory);
                cnn_error err = {0};
                cnn_network net = {0};
                snprintf(text, sizeof text, blocks[i].text, word, values[k]);
                const bool done =
                    cnn_paste_read(&arena, view(text), &(cnn_settings){0}, &net, &err);
                EXPECT(failed, !done && strcmp(cnn_error_id(&err), "paste-number") == 0, "%s: %s",
                       text, done ? "read" : cnn_error_id(&err));
                EXPECT(failed,
                       done || (err.span.begin < err.span.end && err.span.end <= strlen(text)),
                       "%s: place %u", text, (unsigned)err.span.begin);
            }
        }
    }
    assert_int_equal(failed, 0);
}

static void test_arguments(void **state)
{
    (void)state;
    each_argument(torch, LENGTH(torch), "nn.Sequential(", ")");
    each_argument(forward, LENGTH(forward),
                  "class Net(nn.Module):\n    def forward(self, x):\n        return ", "\n");
    each_argument(keras, LENGTH(keras), "Sequential([Input((8, 8, 3)), ", "])");
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_arguments),
                                       cmocka_unit_test(test_keys)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
