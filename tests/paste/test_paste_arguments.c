/*
 * Each argument of each layer that counts, set to a name without a value: the error names it, at
 * its place. So no argument is passed over, and none is read as something else.
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
    {"4x8x8", "F.adaptive_avg_pool2d(x, output_size=1)"},
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
    {"4x8x8", "x.chunk(2, dim=1)"},
    {"4x8x8", "x.split(2, dim=1)"},
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_arguments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
