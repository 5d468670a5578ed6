/*
 * Checking answers: every form of a claim, what follows from what, and the numbers by which the
 * catalogue of mistakes was tested. Right values are from the papers and quizzes named in the rows
 * or worked by hand there.
 */
#include "support.h"

static unsigned char memory[1 << 22];
static sink output;
static int failed;

typedef struct row {
    const char *input; /* NULL: 3x224x224 */
    const char *layers;
    const char *claim;
    const char *expected; /* part of the JSON */
} row;

/* The JSON for one claim, or the name of the error. */
static const char *check(const char *input, const char *layers, cnn_claim_text claim, bool json)
{
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_settings settings = {.input = input == NULL ? (cnn_text){0} : view(input)};
    const cnn_report_options options = {.format = json ? view("json") : (cnn_text){0}};
    cnn_network net = {0};
    cnn_error err = {0};
    cnn_check_counts counts = {0};
    cnn_writer to = sink_open(&output);
    if (!cnn_network_read(&arena, view(layers), &settings, &net, &err) ||
        !cnn_check_write(&net, &claim, 1, &options, arena, &to, &counts, &err)) {
        return cnn_error_id(&err);
    }
    const bool wrong = strstr(output.data, "\"verdict\":\"wrong\"") != NULL;
    EXPECT(failed, !json || wrong == (counts.wrong > 0), "the result disagrees with %s",
           output.data);
    return output.data;
}

static void check_rows(const row *rows, size_t count, bool sheet)
{
    for (size_t i = 0; i < count; i++) {
        const row *r = &rows[i];
        const char *json =
            check(r->input, r->layers, (cnn_claim_text){view(r->claim), sheet}, true);
        EXPECT(failed, strstr(json, r->expected) != NULL, "%s: %s\n  wanted %s\n  got %s",
               r->layers, r->claim, r->expected, json);
    }
    assert_int_equal(failed, 0);
}

#define RIGHT "\"verdict\":\"right\",\"mistakes\":[]"
#define WRONG "\"verdict\":\"wrong\",\"mistakes\":[]"
#define IS(id, layer)                                                                              \
    "\"verdict\":\"wrong\",\"mistakes\":[[{\"id\":\"" id "\",\"layer\":" layer "}]"
#define ONLY(id, layer) IS(id, layer) "]"
#define ALSO(id, layer) ",[{\"id\":\"" id "\",\"layer\":" layer "}]"
#define FOLLOWS(from)   "\"verdict\":\"follows\",\"from\":" from

#define VGG(a, b, c, d, e)                                                                         \
    a ",maxpool," b ",maxpool," c ",maxpool," d ",maxpool," e                                      \
      ",maxpool,FC-4096,FC-4096,FC-1000,soft-max"
#define VGG_A VGG("conv3-64", "conv3-128", "2xconv3-256", "2xconv3-512", "2xconv3-512")
#define VGG_C                                                                                      \
    VGG("2xconv3-64", "2xconv3-128", "2xconv3-256,conv1-256", "2xconv3-512,conv1-512",             \
        "2xconv3-512,conv1-512")
#define VGG_D VGG("2xconv3-64", "2xconv3-128", "3xconv3-256", "3xconv3-512", "3xconv3-512")

/* Simonyan & Zisserman 2014 for the right totals; the wrong ones are the classic slips. */
static void test_known_numbers(void **state)
{
    (void)state;
    static const char quiz[] = "conv4-32 s3 p0";
    static const row rows[] = {
        {NULL, VGG_A, "132863336", RIGHT},
        {NULL, VGG_A, "44782952", ONLY("flat-once", "14")},
        {NULL, VGG_D, "138357544", RIGHT},
        {NULL, VGG_D, "138344128", ONLY("no-bias", "null")},
        {NULL, VGG_D, "128550568", ONLY("kernel-once", "null")},
        {NULL, VGG_D, "446638888", ONLY("flat-before-pool", "19")},
        {NULL, VGG_D, "14714688", ONLY("conv-only", "null")},
        {NULL, VGG_C, "133638952", RIGHT},
        {NULL, VGG_C, "138357544", ONLY("conv1-as-conv3", "null")},
        {"300", "FC-100", "27000100", RIGHT},
        {"300", "FC-100", "9000100", ONLY("grey-for-colour", "1")},
        {"300", "FC-100", "27000001", ONLY("one-bias", "1")},
        {"32", "conv5-100", "7600", RIGHT},
        {"32", "conv5-100", "2600", IS("no-depth", "1")},
        {"32", "conv5-100", "7500", ONLY("no-bias", "1")},
        {"32", "conv5-100", "2501", ONLY("no-depth-one-bias", "1")},
        {"16x121x121", quiz, "output=40x40x32", RIGHT},
        {"16x121x121", quiz, "output=32x40x40", RIGHT},
        {"16x121x121", quiz, "output=118x118x32", ONLY("stride-ignored", "1")},
        {"16x121x121", quiz, "output=40x40x16", ONLY("depth-kept", "1")},
        {"8x15x15", "pad2", "output=19x19x8", RIGHT},
        {"8x15x15", "pad2", "output=19x19x12", ONLY("pad-in-depth", "1")},
        {"8x15x15", "pad2", "output=17x17x8", ONLY("pad-once", "1")},
    };
    check_rows(rows, LENGTH(rows), false);
}

/* 3x3 filters on 3 channels: 1,728 weights, 1,792 parameters; 86,704,128 MACs. */
static void test_forms(void **state)
{
    (void)state;
    static const char two[] = "conv3-64,maxpool,relu,FC-10";
    static const row rows[] = {
        {NULL, "conv3-64", "1792", RIGHT},
        {NULL, "conv3-64", "1,792", RIGHT},
        {NULL, "conv3-64", " params = 1 792 ", RIGHT},
        {NULL, "conv3-64", "PARAMETERS == 1_792", RIGHT},
        {NULL, "conv3-64", "params=1'792", RIGHT},
        {NULL, "conv3-64", "params=1.8K", "\"claimed\":1800,\"right\":1792," RIGHT},
        {NULL, "conv3-64", "params=1.7K", RIGHT},
        {NULL, "conv3-64", "params=1.9K", WRONG},
        {NULL, "conv3-64", "params=1.75K", ONLY("thousand-1024", "null")},
        {NULL, "conv3-64", "params=1.75Ki", RIGHT},
        {NULL, "conv3-64", "weights=1728", RIGHT},
        {NULL, "conv3-64", "biases=64", RIGHT},
        {NULL, "conv3-64", "macs=86704128", RIGHT},
        {NULL, "conv3-64", "macs=86.7M", RIGHT},
        {NULL, "conv3-64", "flops=173408256", RIGHT},
        {NULL, "conv3-64", "output=64x224x224", "\"claimed\":[64,224,224],\"right\":[64,224,224],"},
        {NULL, "conv3-64", "64x224x224", RIGHT},
        {NULL, "conv3-64",
         "64\xC3\x97"
         "224 x 224",
         RIGHT},
        {NULL, "conv3-64", "output=224", "\"claimed\":[224],\"right\":[224]," RIGHT},
        {NULL, "conv3-64", "output=224x224", RIGHT},
        {NULL, "conv3-64", "output=224.0", RIGHT},
        {NULL, "FC-10", "output=10", RIGHT},
        {NULL, "conv3-64,maxpool", "rf=4", RIGHT},
        {NULL, "conv3-64,maxpool", "start=1", RIGHT},
        {NULL, "conv3-64 p2", "start=-0.5", "\"claimed\":-0.5,\"right\":-0.5," RIGHT},
        {NULL, "resize130", "jump=112/65", "\"claimed\":\"112/65\",\"right\":\"112/65\"," RIGHT},
        {NULL, "resize130", "jump=1.72", RIGHT},
        {NULL, "resize130", "jump=112/0", "claim-number"},
        {NULL, "resize130", "jump=1.5/2", "claim-number"},
        {NULL, "resize130", "jump<1.7", WRONG}, /* 224/130 = 1.723... */
        {NULL, "resize130", "jump<1.73", RIGHT},
        {NULL, "resize130", "jump>=112/65", RIGHT},
        {NULL, "resize130", "jump>112/65", WRONG},
        {NULL, "conv3-64 p2", "start<0", RIGHT}, /* -0.5 */
        {NULL, "conv3-64 p2", "start<-0.5", WRONG},
        {NULL, "conv3-64 p2", "start>-0.75", RIGHT},
        {NULL, "conv3x5-64", "rf<5", WRONG}, /* 3x5 */
        {NULL, "conv3x5-64", "rf<=5", RIGHT},
        {NULL, "conv3x5-64", "rf<4x6", RIGHT},
        {NULL, "conv3x5-64", "rf<6x4", WRONG},
        {NULL, "conv3x5-64", "rf<6x6x6", WRONG},
        {"vector 8", "FC-2", "rf<5", "\"right\":null,\"verdict\":\"wrong\""},
        {"vector 8", "FC-2", "rf=5", "\"right\":null," WRONG},
        {NULL, "conv3-64", "params=-1792", WRONG},
        {NULL, "conv3-64", "params>-1.5", RIGHT},
        {NULL, "conv3-64", "activations=3361792", RIGHT}, /* 64*224*224 and the input */
        {NULL, "conv3-64", "memory=12.8 MiB", RIGHT},     /* 13,447,168 bytes */
        {NULL, "conv3-64", "memory=12.82MB", ONLY("thousand-1024", "null")},
        {NULL, "conv3-64", "params<2K",
         "\"relation\":\"<\",\"claimed\":2000,\"right\":1792," RIGHT},
        {NULL, "conv3-64", "params<1792", WRONG},
        {NULL, "conv3-64", "params<=1792", RIGHT},
        {NULL, "conv3-64", "params>=1,793", WRONG},
        {NULL, "conv3-64", "macs>86M", RIGHT},
        /* a list: those that have any; with the total; for all layers; of windows only */
        {NULL, two, "params=1792,8028170", "\"layer\":4,\"claimed\":8028170,\"right\":8028170,"},
        {NULL, two, "params=1792,8028170,8029962", "\"layer\":null,\"claimed\":8029962,"},
        {NULL, two, "params=1792,0,0,8028170", "\"layer\":3,\"claimed\":0,\"right\":0,"},
        {NULL, two, "params=1,792; 8,028,170", "\"layer\":4,\"claimed\":8028170,"},
        {NULL, two, "output=224,112,10", "\"layer\":4,\"claimed\":[10],"},
        {NULL, two, "output=224,112", "\"layer\":2,\"claimed\":[112],"},
        {NULL, two, "params=8,029,962", "\"layer\":null,\"claimed\":8029962,\"right\":8029962,"},
        {NULL, "2*(conv3-8,relu)", "params=224,584", "\"layer\":3,\"claimed\":584,"},
        /* what cannot be read */
        {NULL, two, "params=1,2,3,4,5,6,7", "claim-count"},
        {NULL, two, "parms=1", "unknown-quantity"},
        {NULL, two, "dW2=1", "unknown-quantity"},
        {NULL, two, "params=", "claim-number"},
        {NULL, two, "params=x", "claim-number"},
        {NULL, two, "params=12x", "claim-number"},
        {NULL, two, "params=3x4", WRONG}, /* a calculation: 12 */
        {NULL, two, "=5", "unknown-quantity"},
        {NULL, two, "output<5", "claim-budget"},
        {NULL, two, "params<5,6", "claim-number"},
        {NULL, two, "params=1792,8028170z", "claim-number"},
        {NULL, two, "99999999999999999999", "overflow"},
        {NULL, two, "params=9999999999G", "overflow"},
    };
    check_rows(rows, LENGTH(rows), false);
}

/* The sheet that it began with: eleven right terms, one slip, and their sum. */
static void test_follows(void **state)
{
    (void)state;
    static const char vgg[] = "params=1792,73856,295168,590080,1180160,2359808,2359808,2359808,"
                              "14684160,16781312,4097000,44782952";
    static const char sizes[] = "conv7-64 p0,conv3-64 s2 p1,maxpool,FC-10";
    static const row rows[] = {
        {NULL, VGG_A, vgg,
         "\"layer\":14,\"claimed\":14684160,\"right\":102764544," IS("flat-once", "14")},
        {NULL, VGG_A, vgg,
         "\"layer\":null,\"claimed\":44782952,\"right\":132863336," FOLLOWS("14")},
        /* floor((224 - 7)/1) + 1 = 218, 109, 54; with a padding of 3: 224, 112, 56 */
        {NULL, sizes, "output=218,109,54,10", "\"layer\":3,\"claimed\":[54],\"right\":[54]," RIGHT},
        {NULL, sizes, "output=224,112,56,10",
         "\"layer\":2,\"claimed\":[112],\"right\":[109]," FOLLOWS("1")},
        {NULL, sizes, "output=224,112,56,10",
         "\"layer\":3,\"claimed\":[56],\"right\":[54]," FOLLOWS("1")},
        /* a second slip on top of the first: ceil((224 - 3 + 2)/2) + 1 = 113 */
        {NULL, sizes, "output=224,113,56,10",
         "\"layer\":2,\"claimed\":[113],\"right\":[109]," IS("ceil-for-floor", "2")
             ALSO("no-floor", "2")},
        {NULL, sizes, "output=224,113,56,10", FOLLOWS("2")},
        /* a claimed size that is right again ends it */
        {NULL, sizes, "output=219,109,54,10",
         "\"layer\":2,\"claimed\":[109],\"right\":[109]," RIGHT},
        /* MACs with the stride of layer 2 forgotten: 218*218, then 109*109 pooled */
        {NULL, "conv7-64 p0,conv3-64 s2 p1,conv1-8", "macs=447105792,1751924736,24332288",
         FOLLOWS("2")},
    };
    check_rows(rows, LENGTH(rows), false);
}

static void test_sheets(void **state)
{
    (void)state;
    static const char two[] = "conv3-64,maxpool,relu,FC-10";
    static const char grouped[] = "stem: (conv3-8,relu), 2*(conv3-8,relu), FC-10";
    static const row rows[] = {
        {NULL, two, "index\tparams\n1\t1792\n4\t8,028,170\n", "\"layer\":4,\"claimed\":8028170,"},
        {NULL, two, "layer\tparams\nconv3-64\t1,792\nFC-10\t\ntotal\t8029962",
         "\"layer\":null,\"claimed\":8029962,\"right\":8029962," RIGHT},
        {NULL, two, "# a comment\n\nindex\tlayer\toutput\tMACs\r\n1\tconv3-64\t64x224x224\t1\r\n",
         "\"what\":\"macs\",\"layer\":1,\"claimed\":1,"},
        {NULL, two,
         "\xEF\xBB\xBF"
         "params\tindex\n1728\t1\n",
         ONLY("no-bias", "1")},
        {NULL, two, "index\tparams\ntotal\t5\n", "\"layer\":null,\"claimed\":5,"},
        {NULL, two, "index\tparams\tflops\n1\t\t173408257\n", "\"claimed\":173408257,"},
        /* flops follow from wrong MACs */
        {NULL, two, "index\tmacs\tflops\n1\t100\t200\n", FOLLOWS("1")},
        /* rows of the default report are items, those of --all are layers */
        {NULL, grouped, "index\tparams\n1\t224\n2\t1168\n", "\"item\":2,\"claimed\":1168,"},
        {NULL, grouped, "index\tlayer\tparams\n1\tstem\t224\n", "\"item\":1,"},
        {NULL, grouped, "index\tlayer\tparams\n3\tconv3-8\t584\n", "\"layer\":3,"},
        {NULL, grouped, "index\tparams\n3\t4014090\n7\t4014090\n", "\"layer\":7,"},
        {NULL, "maxpool,aux(gap,FC-10),FC-5", "layer\tparams\nwithout aux\t188165\ntotal\t188205\n",
         "\"layer\":null,\"claimed\":188165,\"right\":188165," RIGHT},
        {NULL, two, "", "sheet-header"},
        {NULL, two, "\n#\n", "sheet-header"},
        {NULL, two, "index\tlayer\n", "sheet-header"},
        {NULL, two, "params\n1\n", "sheet-header"},
        {NULL, two, "index\tparms\n", "unknown-quantity"},
        {NULL, two, "index\tparams\n9\t1\n", "sheet-row"},
        {NULL, two, "index\tparams\n-1\t1\n", "sheet-row"},
        /* also where indices count layers inside items */
        {NULL, "(id,id)", "index\tparams\n2\t0\n-3\t1\n", "sheet-row"},
        {NULL, two, "layer\tparams\nconv5-64\t1\n", "sheet-row"},
        {NULL, two, "layer\tparams\n\t1\n", "sheet-row"},
        {NULL, two, "index\tparams\n1\tmany\n", "claim-number"},
    };
    check_rows(rows, LENGTH(rows), true);
}

/* One row for each mistake that needs more than a convolution; worked by hand. */
static void test_other_mistakes(void **state)
{
    (void)state;
    static const row rows[] = {
        {"8x15x15", "maxpool3 s2 ceil p1", "output=8", RIGHT}, /* ceil(14/2) + 1 = 8 */
        {"8x16x16", "maxpool3 s2 ceil", "output=7", IS("floor-for-ceil", "1")},
        {"8x16x16", "maxpool", "output=4x8x8", ONLY("pool-divides-channels", "1")},
        {"8x16x16", "maxpool", "output=8x8.5", WRONG},
        {"3x224x224", "conv7-8 s2 p3", "output=112.5", ONLY("no-floor", "1")},
        {"3x224x200", "conv3-8", "output=8x200x224", ONLY("swapped-sides", "1")},
        {"3x16x16", "conv3-8 s2", "output=16", IS("stride-ignored", "1") ALSO("same-misread", "1")},
        {"3x16x16", "conv5-8", "output=12", ONLY("valid-for-same", "1")},
        {"3x16x16", "conv3-8", "output=24x16x16", ONLY("depth-multiplied", "1")},
        {"3x16x16", "deconv4-8 s2 p1", "output=32", RIGHT},
        {"3x16x16", "deconv4-8 s2 p1", "output=8", ONLY("transposed-as-conv", "1")},
        {"3x16x16", "deconv4-8 s2 p1", "macs=393216", ONLY("macs-at-output", "1")},
        {"16x8x8", "maxpool", "params=1040", ONLY("pool-params", "1")}, /* 4*16*16 + 16 */
        {"16x8x8", "bn", "params=64", IS("norm-4c", "1") ALSO("like-keras", "null")},
        {"16x8x8", "bn", "params=2048", ONLY("norm-spatial", "1")},
        {"16x8x8", "in", "params=32", ONLY("norm-2c", "1")},
        {"16x8x8", "FC-10", "params=1290", IS("flat-once", "1")},
        {"16x8x8", "flatten,FC-10", "params=1290", IS("flat-once", "2")},
        {"16x8x8", "flatten,FC-10", "output=128,10", IS("flat-once", "1")},
        {"16x8x8", "FC-10", "params=170", ONLY("flat-channels", "1")},
        {"16x8x8", "maxpool,relu,FC-10", "params=10250", ONLY("flat-before-pool", "3")},
        {"16x8x8", "maxpool,flatten,FC-10", "params=10250", ONLY("flat-before-pool", "3")},
        /* 3*3*16 + 16; the pointwise half has 16*32 + 32 more */
        {"16x8x8", "dwconv3,bn,relu,conv1-32", "params=192", ONLY("depthwise-only", "4")},
        {"16x8x8", "conv3-4,FC-10,FC-5", "params=3150", ONLY("last-missing", "null")},
        {"16x8x8", "conv3-4,FC-10,FC-5", "params=2625", ONLY("dense-only", "null")},
        {"3x64x64", "conv3-8,conv3-8", "rf=9", ONLY("field-product", "null")},
        {"3x64x64", "conv3-8,conv3-8", "rf=6", ONLY("field-sum", "null")},
        {"3x64x64", "conv3-8 s2,conv3-8", "rf=7", RIGHT},
        {"3x64x64", "conv3-8 s2,conv3-8", "rf=5", IS("field-no-jump", "null")},
        {"3x64x64", "conv3-8 s2,conv5-8", "rf=13", ONLY("field-own-stride", "null")},
        {"3x64x64", "conv3-8,conv3-8 s2", "rf=7",
         IS("field-own-stride", "null") ALSO("field-backwards", "null")},
        /* two at once: no padding, and the + 1 forgotten: (28 - 5)/1; no depth, kernel once */
        {"3x28x28", "conv5-8 p2", "output=23",
         "\"verdict\":\"wrong\",\"mistakes\":[[{\"id\":\"pad-ignored\",\"layer\":1},{\"id\":"
         "\"no-plus-one\",\"layer\":1}]"},
        /* 5*8 + 8, each way once: F K + K by any of the three, either side of the kernel once */
        {"3x28x28", "conv5-8", "params=48",
         "\"mistakes\":[[{\"id\":\"depth-kept\",\"layer\":1},{\"id\":\"kernel-once\",\"layer\":1}],"
         "[{\"id\":\"no-depth\",\"layer\":1},{\"id\":\"kernel-once\",\"layer\":1}],"
         "[{\"id\":\"kernel-once\",\"layer\":1},{\"id\":\"grey-for-colour\",\"layer\":1}]]"},
        {"3x16x16", "conv7-8 s2 p3", "output=8.5", ONLY("no-floor", "1")},
        {"3x16x16", "conv7-8 s2 p3", "output=8x8.5x8.5", ONLY("no-floor", "1")},
        {"3x16x16", "conv7-8 s2 p3", "output=9x8.5x8.5", WRONG},
        {"3x28x28", "conv5-8", "params=120",
         "[{\"id\":\"no-bias\",\"layer\":1},{\"id\":\"kernel-once\",\"layer\":1}]"},
    };
    check_rows(rows, LENGTH(rows), false);
}

/* Whatever byte stands wherever in a claim or a sheet: an answer or an error, and no more. */
/* What other programs printed: numbers of tests/data/like.tsv. */
static void test_tools(void **state)
{
    (void)state;
    static const row rows[] = {
        {"64x8x8", "bn", "macs=128", ONLY("like-torchinfo", "null")},
        {"64x8x8", "gap", "macs=4160", ONLY("like-thop", "null")},
        {"64x8x8", "bn", "flops=16384", ONLY("like-thop", "null")},
        {"8x8x8", "relu", "macs=1024", ONLY("like-ptflops", "null")},
        {"3x32x32", "conv3-8,bn,relu", "macs=237568", ONLY("like-fvcore", "null")},
        {"8x8x8", "LRN5", "flops=1536", ONLY("like-torch-profiler", "null")},
        {"8x8x8", "gelu", "flops=4608", ONLY("like-opencv", "null")},
        /* rounded: named if nothing else explains it; it cannot read relu6 */
        {"64x8x8", "gap", "macs=4.16K", ONLY("like-thop", "null")},
        {"8x8x8", "gelu,relu6", "flops=4608", WRONG},
        {"3x32x32", "2*conv3-64", "flops=40M", ONLY("macs-for-flops", "null")},
        {"64x8x8", "gap", "macs=3M", WRONG},
    };
    check_rows(rows, LENGTH(rows), false);
}

static void test_hostile(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool sheet;
    } texts[] = {
        {"params=1792,8028170", false},
        {"output=64x224x224", false},
        {"macs<=86.7M", false},
        {"1,792", false},
        {"index\tlayer\tparams\toutput\n1\tconv3-64\t1,792\t224\n\ttotal\t5.5K\t10\n", true},
    };
    for (size_t i = 0; i < LENGTH(texts); i++) {
        char text[128];
        const size_t size = strlen(texts[i].text);
        for (size_t at = 0; at < size; at++) {
            for (int byte = 0; byte < 256; byte++) {
                memcpy(text, texts[i].text, size);
                text[at] = (char)byte;
                (void)check(NULL, "conv3-64,maxpool,FC-10",
                            (cnn_claim_text){{text, size}, texts[i].sheet}, byte % 2 == 0);
            }
            (void)check(NULL, "conv3-64,maxpool,FC-10",
                        (cnn_claim_text){{texts[i].text, at}, texts[i].sheet}, true);
        }
    }
}

/* Every size of the arena: an answer, or the error that asks for more. */
static void test_small_arenas(void **state)
{
    (void)state;
    const cnn_claim_text claim = {view("params=1792,1,10"), false};
    const cnn_report_options options = {0};
    bool done = false;
    for (size_t size = 0; size < sizeof memory && !done; size += 1999) {
        cnn_arena arena = cnn_arena_over(memory, size);
        cnn_network net = {0};
        cnn_error err = {0};
        cnn_check_counts counts = {0};
        cnn_writer to = sink_open(&output);
        done = cnn_network_read(&arena, view("conv3-64,FC-10"), NULL, &net, &err) &&
               cnn_check_write(&net, &claim, 1, &options, arena, &to, &counts, &err);
        assert_true(done || err.code == CNN_OUT_OF_MEMORY);
    }
    assert_true(done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_numbers),  cmocka_unit_test(test_forms),
        cmocka_unit_test(test_follows),        cmocka_unit_test(test_sheets),
        cmocka_unit_test(test_other_mistakes), cmocka_unit_test(test_tools),
        cmocka_unit_test(test_hostile),        cmocka_unit_test(test_small_arenas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
