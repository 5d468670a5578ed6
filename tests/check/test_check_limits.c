/*
 * Answers that take the branches which the tests of each mistake leave over: odd numbers, limits of
 * 64 bits, sizes that follow in odd ways. Right values are worked by hand; where nothing stands
 * beside a row, no mistake can give the claimed number, because it would not fit into 64 bits or
 * does not apply.
 */
#include "base/out.h"
#include "explain/formula.h"
#include "support.h"

static unsigned char memory[1 << 25];
static sink output;
static int failed;

typedef struct row {
    const char *input; /* NULL: 3x224x224 */
    const char *layers, *claim;
    const char *expected; /* part of what is written, or an error */
} row;

/* How the answers are checked. */
typedef struct manner {
    const char *format, *dtype;
    bool sheet, all;
    int32_t samples;
} manner;

/* What is written about the claims, or the name of the error. */
static const char *check(const char *input, const char *layers, const cnn_text *claims,
                         int32_t count, const manner *how)
{
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_settings settings = {.input = input == NULL ? (cnn_text){0} : view(input)};
    const cnn_report_options options = {.format = view(how->format),
                                        .dtype = view(how->dtype == NULL ? "" : how->dtype),
                                        .all = how->all,
                                        .samples = how->samples};
    cnn_claim_text texts[2];
    cnn_network net = {0};
    cnn_error err = {0};
    cnn_check_counts counts = {0};
    for (int32_t i = 0; i < count; i++) {
        texts[i] = (cnn_claim_text){claims[i], how->sheet};
    }
    cnn_writer to = sink_open(&output);
    return cnn_network_read(&arena, view(layers), &settings, &net, &err) &&
                   cnn_check_write(&net, texts, count, &options, arena, &to, &counts, &err)
               ? output.data
               : cnn_error_id(&err);
}

static void check_rows(const row *rows, size_t count, manner how)
{
    for (size_t i = 0; i < count; i++) {
        const row *r = &rows[i];
        const cnn_text claim = view(r->claim);
        const char *written = check(r->input, r->layers, &claim, 1, &how);
        EXPECT(failed, strstr(written, r->expected) != NULL, "%s: %s\n  wanted %s\n  got %s",
               r->layers, r->claim, r->expected, written);
    }
    const int before = failed;
    failed = 0;
    assert_int_equal(before, 0);
}

#define JSON  ((manner){.format = "json"})
#define TEXT  ((manner){.format = "table"})
#define SHEET ((manner){.format = "json", .sheet = true})
#define RIGHT "\"verdict\":\"right\",\"mistakes\":[]"
#define WRONG "\"verdict\":\"wrong\",\"mistakes\":[]"
#define IS(id, layer)                                                                              \
    "\"verdict\":\"wrong\",\"mistakes\":[[{\"id\":\"" id "\",\"layer\":" layer "}]"
#define ONLY(id, layer) IS(id, layer) "]"
#define FOLLOWS(from)   "\"verdict\":\"follows\",\"from\":" from

/* Numbers next to the limits and of odd forms; conv3-64 has 1,792 parameters. */
static void numbers(void **state)
{
    (void)state;
    static const row rows[] = {
        {NULL, "conv3-64", "9223372036854775808", "overflow"},
        {NULL, "conv3-64", "9223372036854775807.5", "overflow"},
        {NULL, "conv3-64", "99999999999999999999.5", "overflow"},
        {NULL, "conv3-64", "9223372036854775807", WRONG},
        {NULL, "conv3-64", "-9223372036854775807", WRONG},
        {NULL, "conv3-64", "params=1.79200000001K", RIGHT}, /* nine decimals count */
        {NULL, "conv3-64", "params<1792.5", RIGHT},
        {NULL, "conv3-64", "params<9000000T", RIGHT},
        {NULL, "conv3-64", "params=9000000T", WRONG}, /* in powers of 1024 it does not fit */
        {NULL, "conv3-64", "params=1,000,000", "\"layer\":null,\"claimed\":1000000,\"right\":1792"},
        {NULL, "resize130", "jump=1/99999999999999999999", "overflow"},
        {NULL, "resize130", "jump=99999999999999999999/5", "overflow"},
        {NULL, "resize130", "jump=9223372036854775807", WRONG},
        {NULL, "resize9999991", "jump=0T", WRONG},
        {NULL, "FC-100000", "macs=0.000000001", WRONG},
        {NULL, "conv3-64", "params=1/9223372036854775807+-1", "claim-number"},
        /* ten times what is left of the 18 decimals does not fit; 1.123456789 * 2^30 */
        {NULL, "conv3-64", "rf=0.999999999e-9", "\"claimed\":0.000000000999999999,"},
        {NULL, "conv3-64", "peak_memory=1.123456789GiB", "\"claimed\":1206302541.806043136,"},
        {"3d 2x8x8x8", "conv3-4", "rf=7x3x3x3", "claim-number"},
        {NULL, "conv3-64", "rf=3 GFLOPs", "claim-number"},
        {NULL, "conv3-64", "params%=100 MACs", "claim-number"},
        {NULL, "conv3-64", "layer 1 (conv3-64).prams=5", "unknown-quantity"},
        {NULL, "conv3-64", "layer 1 (conv3-64).macs=5", "\"what\":\"macs\",\"layer\":1,"},
        /* why nothing is right */
        {NULL, "conv3-64", "layer 1.ram=5", "\"reason\":\"only the whole network has it"},
        {NULL, "conv3-64", "without aux.peak<5", "\"reason\":\"only the whole network has it"},
        {NULL, "conv3-64", "statistics%=5", "\"reason\":\"the network has none at all\""},
        {"vector 5", "FC-2", "rf=5", "\"reason\":\"a vector has no positions\""},
        {"1x1x2", "deconv1x3-1 s1x9000000000000000000 p0x1", "rf=3",
         "\"reason\":\"it does not fit into 64 bits\""},
        {"1x1x1", "4100*conv1-1", "ram=5", "\"reason\":\"there are too many values to place"},
        /* a field of 3x5, jumps of 1/2 and 1/3 */
        {NULL, "conv3x5-64", "rf=3x5", "\"claimed\":[3,5],\"right\":[3,5]," RIGHT},
        {NULL, "conv3x5-64", "rf=3x4", WRONG},
        {NULL, "conv3x5-64", "rf=4x5", WRONG},
        {NULL, "conv3x5-64", "rf=3x5x7", WRONG},
        {NULL, "upsample2x3", "jump=0.5", "\"right\":[0.5,\"1/3\"]," WRONG},
        {NULL, "FC-10", "jump=3", "\"right\":null," WRONG},
        {"1x1x2", "deconv1x3-1 s1x9000000000000000000 p0x1", "rf=3", "\"right\":null," WRONG},
        {"3x224x200", "conv3-8", "output=224", "\"claimed\":[224],\"right\":[8,224,200],"},
        {"3x224x200", "conv3-8", "output=224x200", "\"right\":[224,200]," RIGHT},
        {NULL, "conv3-64", "input=224", "\"claimed\":[224],\"right\":[224]," RIGHT},
        {NULL, "a:conv3-64,maxpool", "output=224,112", "\"layer\":2,\"claimed\":[112],"},
    };
    check_rows(rows, LENGTH(rows), JSON);
}

/* Mistakes that would give more than 64 bits hold, and some that just do not apply. */
static const row unexplained[] = {
    /* own-depth: K K, that at so many positions, their FLOPs */
    {"3x2x2", "conv1-4000000000", "params=5", WRONG},
    {"3x32768x32768", "conv1-1000000000", "params=5", WRONG},
    {"3x1x5", "conv1-1000000000", "params=5", WRONG},
    /* groups-ignored: 9223372036 * 10^9 and 10^9 biases; in a head without MACs */
    {"9223372036x1x1", "aux(conv1-1000000000 g2),relu", "params=5", WRONG},
    /* groups-ignored and bias-with-norm: the same together */
    {"9223372036x1x1", "aux(conv1-1000000000 g2 b0),relu", "params=5", WRONG},
    /* bias-twice: 3 * 4 * 10^18; flops-for-macs: 2 * 8 * 10^18 */
    {"vector 1", "FC-4000000000000000000", "params=5", WRONG},
    {"vector 1", "FC-4000000000000000000", "flops=5", WRONG},
    /* macs-for-flops: 3 is odd */
    {"vector 3", "FC-1", "flops=2", WRONG},
    {"vector 3", "FC-1", "macs=99", WRONG},
    /* conv1-as-conv3: 9 * 2 * 10^18 */
    {"1x1x1", "conv1-2000000000000000000 b0", "params=5", WRONG},
    /* grey-for-colour: a vector has no colours */
    {"vector 3", "FC-2", "params=999", WRONG},
    /* pad-in-depth: not with groups; 4 + 8 times 10^18 channels that enter, or leave */
    {"4x8x8", "conv3-4 g2", "params=999", WRONG},
    {"4000000000000000000x1x1", "conv1-1 p4000000000000000000 s9000000000000000000 b0", "params=5",
     WRONG},
    {"1x1x1", "conv1-4000000000000000000 p4000000000000000000 s9000000000000000000 b0", "output=5",
     WRONG},
    /* flat-once, flat-before-pool: nothing to flatten; 3 * 224 * 224 * 1.2 * 10^14 */
    {"vector 8", "flatten,FC-2", "params=999", WRONG},
    {NULL, "maxpool,FC-120000000000000 b0", "params=5", WRONG},
    /* spatial: one position; at the input's 3 * 10^12: 1.2 * 10^19, and FLOPs of 6 * 10^18 MACs
       (macs-at-input, stride-ignored) */
    {"4x1x1", "conv1-4", "params=999", WRONG},
    {"1x3000000x1000000", "conv1-4000000 s1000 b0", "params=5", WRONG},
    {"1x3000000x1000000", "conv1-4000000 s1000 b0", "macs=5", WRONG},
    {"1x3000000x1000000", "conv1-2000000 s1000 b0", "macs=5", WRONG},
    {"1x3000000x1000000", "conv1-2000000 s1000 b0", "output=5", WRONG},
    /* as-dense: 9223372036 * 2 * 10^9; 9223372036 * 10^9 and 10^9 biases */
    {"1x9223372036x1", "conv1-2000000000 s9223372036 p0 b0", "params=5", WRONG},
    {"1x9223372036x1", "conv1-1000000000 s9223372036 p0", "params=5", WRONG},
    /* pool-params: 4 C C; F^2 C C that fits, and C more that do not */
    {"4000000000x2x2", "maxpool", "params=5", WRONG},
    {"188710029x7x37", "maxpool7x37", "params=5", WRONG},
    /* norm-4c; norm-spatial: 2 * 5 * 10^18 */
    {"2400000000000000000x1x1", "bn", "params=5", WRONG},
    {"2500000000x2000000000x1", "bn", "params=5", WRONG},
    {"5000000000000000000x1x1", "in", "params=5", WRONG},
    /* depthwise-only: groups that are not depthwise, a kernel that is not 1x1 */
    {"4x8x8", "conv3-4 g2,conv1-8", "params=9999", WRONG},
    {"4x8x8", "conv3-4 g4,conv1x3-8", "params=9999", WRONG},
    /* bias-in-macs, macs-at-output: about (3 * 10^9)^2 outputs, 10^9 or 2 * 10^9 channels enter
     */
    {"1000000000x2x2", "deconv1-1 s3000000000 p0", "macs=99", WRONG},
    {"2000000000x2x2", "deconv1-1 s3037000498 p0", "macs=5", WRONG},
    {"1x2x2", "deconv1-1 s3000000000 p0", "macs=99", WRONG},
    /* plus-kernel: 9 + 1 times 10^18; W + F is the largest number, and 1 more; an area of
       2 * 10^19 */
    {"1x1x9000000000000000000", "maxpool1x1000000000000000000 s1x1000000000000000000", "output=5",
     WRONG},
    {"1x1x9223372036854775806", "maxpool1 s1", "output=5", WRONG},
    {"1x3000000000x2000000000", "maxpool2000000000 s1 p0", "output=5", WRONG},
    /* same-misread: W - F + 2F */
    {"1x1x9000000000000000000", "maxpool1x1000000000000000000 s1x1000000000000000000 same",
     "output=5", WRONG},
    /* dilation-as-product and dilation-zero-based, transposed too, with an output padding */
    {"8", "conv3-4 d2 same", "output=99", WRONG},
    {"1x1x9000000000000000000", "conv1x2-1 d1x4700000000000000000 s1x4000000000000000000 p0",
     "output=5", WRONG},
    {"1x1x9223372036854775807", "conv1x2-1 d1x9223372036854775806 p0", "output=5", WRONG},
    {"1x1x2", "deconv1x2-1 s1x4000000000000000000 d1x3000000000000000000 p0", "output=5", WRONG},
    {"1x1x2",
     "deconv1x2-1 s1x4000000000000000000 d1x2500000000000000000 p0 "
     "op0x2000000000000000000",
     "output=5", WRONG},
    /* stride-ignored: 1 - 4 + 2 is no size */
    {"4x2x2", "deconv2-8 s4 p2", "output=9", WRONG},
    /* pool-divides-channels: by 1; one channel by 2 */
    {"3x8x8", "maxpool2 s1", "output=99", WRONG},
    {"1x8x8", "maxpool", "output=99", WRONG},
    /* in a head that does not run */
    {"16x8x8", "conv3-4,aux(conv3-4 s2,FC-10),FC-5", "macs=5", WRONG},
    /* fields: branches; functions and vectors in a chain, 1 + 2 + 2 + 63 */
    {"3x64x64", "add(conv3-8|conv3-8)", "rf=9", WRONG},
    {"3x64x64", "a:relu,add(conv3-3|@a)", "rf=9", WRONG},
    {"3x64x64", "conv3-8,relu,conv3-8,gap,FC-2", "rf=68", RIGHT},
    {"3x64x64", "conv3-8,relu,conv3-8,gap,FC-2", "rf=70", ONLY("field-sum", "null")},
    {"3x64x64", "conv3-8,FC-4,FC-2", "rf=67", ONLY("field-sum", "null")}, /* 3 + 64 */
    {"3x64x64", "resize32,conv3-8", "rf=99", WRONG},
    /* field-own-stride, field-backwards, field-product */
    {"1x1x9000000000000000000", "maxpool1x3 s1,maxpool1x3 s1x5000000000000000000", "rf=99", WRONG},
    {"1x1x9000000000000000000", "maxpool1x3 s1,maxpool1x3 s1x4611686018427387903", "rf=99", WRONG},
    {"1x1x9000000000000000000", "maxpool1x4000000000 s1,maxpool1x4000000000 s1", "rf=99", WRONG},
};

static void no_mistake_fits(void **state)
{
    (void)state;
    check_rows(unexplained, LENGTH(unexplained), JSON);
}

/* Sizes and terms that follow from others, and some that do not. */
#define TWO "conv3-4 p0,conv3-4 p0" /* 8x8, 6x6; 112 and 148 parameters */
static const row chains[] = {
    /* a kernel of 5 does not fit on the claimed 3: what comes behind is right by itself */
    {"10", "conv3-4 p0,conv5-4 p0,maxpool", "index\toutput\n1\t3\n3\t2\n",
     "\"layer\":3,\"claimed\":[2],\"right\":[2]," RIGHT},
    {"10", "conv3-4 p0,conv5-4 p0", "index\toutput\tmacs\n1\t3\t\n2\t7\t5\n",
     "\"claimed\":5,\"right\":6400," WRONG},
    /* 9*9*144 on the claimed 9x9 of layer 1; an item's and a layer's MACs */
    {"10", "conv3-4 p0,b:(conv3-4,relu)", "index\toutput\tmacs\n1\t9\t\n2\t\t11664\n",
     "\"right\":9216," FOLLOWS("1")},
    {"10", "conv3-4 p0,b:(conv3-4,relu)", "index\toutput\tmacs\n1\t9\t\n2\t\t5\n",
     "\"right\":9216," WRONG},
    /* 7*7*144: the size of layer 2 is right, but its MACs come from the claimed 9x9 */
    {"10", TWO, "index\toutput\tmacs\n1\t9\t\n2\t6\t7056\n", "\"right\":5184," FOLLOWS("1")},
    {"10", TWO, "index\toutput\tmacs\n1\t9\t\n2\t6\t5\n", "\"right\":5184," WRONG},
    /* fields do not follow from sizes */
    {"10", TWO, "index\toutput\trf\n1\t9\t\n2\t\t50\n", "\"right\":5," WRONG},
    {"8", "conv3-4 p0,FC-10", "index\toutput\tjump\n1\t5\t\n2\t\t3\n", "\"right\":null," WRONG},
    /* terms that are no whole numbers, or too large together */
    {"10", TWO, "index\tparams\n1\t1.5\ntotal\t7\n", "\"claimed\":7,\"right\":260," WRONG},
    {"10", TWO, "index\tparams\n1\t9223372036854775807\n2\t9223372036854775807\ntotal\t7\n",
     "\"claimed\":7,\"right\":260," WRONG},
    /* 5 for layer 1, and 7*7*144 at the claimed sizes: 7061 */
    {"10", TWO, "index\toutput\tmacs\n1\t9\t5\n2\t6\t\ntotal\t\t5189\n", FOLLOWS("1")},
    {"10", TWO, "index\toutput\tmacs\n1\t9\t5\ntotal\t\t7061\n",
     "\"claimed\":7061,\"right\":12096," FOLLOWS("1")},
    /* the total of terms that follow from a size: 6912 and 7*7*144 */
    {"10", TWO, "index\toutput\tmacs\n1\t9\t\n2\t6\t7056\ntotal\t\t13968\n",
     "\"claimed\":13968,\"right\":12096," FOLLOWS("1")},
    /* FLOPs from MACs: right ones, others, fractions, too large, of another row */
    {"10", TWO, "index\tmacs\tflops\n1\t6912\t9\n", "\"right\":13824," WRONG},
    {"10", TWO, "index\tmacs\tflops\n1\t7\t9\n", "\"right\":13824," WRONG},
    {"10", TWO, "index\tmacs\tflops\n1\t7.5\t15\n", "\"right\":13824," WRONG},
    {"10", TWO, "index\tmacs\tflops\n1\t9223372036854775807\t15\n", "\"right\":13824," WRONG},
    {"10", "b:(conv3-4,relu),relu", "layer\tmacs\tflops\nb\t7\t\nconv3-4\t\t14\n",
     "\"right\":21600," WRONG},
    /* a mistake from which three answers follow: 9*4 weights, 4 biases, at 8*8 positions */
    {"8", "conv3-4", "index\tparams\tweights\tmacs\n1\t40\t36\t2304\n",
     "\"claimed\":40,\"right\":112," FOLLOWS("1")},
    {"8", "conv3-4", "index\tmacs\tparams\tweights\n1\t2304\t40\t36\n",
     "\"claimed\":2304,\"right\":6912," FOLLOWS("1")},
    {"8", "conv3-4", "index\tmacs\tweights\tparams\n1\t2304\t36\t40\n",
     "\"claimed\":2304,\"right\":6912," FOLLOWS("1")},
    /* one and two mistakes: no-bias, and with the kernel once */
    {"3x28x28", "conv5-8,conv5-8", "index\tparams\n1\t600\n2\t320\n",
     "\"claimed\":320,\"right\":1608,\"verdict\":\"wrong\",\"mistakes\":[[{\"id\":\"no-bias\""},
    {"3x28x28", "conv5-8,conv5-8", "index\tparams\n1\t120\n2\t1600\n",
     "\"claimed\":1600,\"right\":1608," IS("no-bias", "2")},
    /* 28 by the same mistake in any of three layers: in the last one */
    {"32", "3*conv3-8 p0", "index\tlayer\toutput\n3\tconv3-8 p0\t28\n", IS("same-for-valid", "3")},
    /* on branches: 9 on one, so 9 at the join */
    {"10", "add(conv3-4 p0|conv3-4 p0),conv3-4 p0",
     "index\tlayer\toutput\n1\tconv3-4 p0\t9\n2\tconv3-4 p0\t9\n4\tconv3-4 p0\t8\n",
     "\"layer\":4,\"claimed\":[8],\"right\":[6],\"verdict\":\"wrong\""},
    /* two mistakes that one total has: the biases and the last layer forgotten */
    {"16x8x8", "conv3-4,FC-10", "layer\tparams\ntotal\t576\n",
     "[{\"id\":\"no-bias\",\"layer\":null},{\"id\":\"conv-only\",\"layer\":null}]"},
    {"8", "conv3-4,aux(conv3-4),FC-5", "layer\tparams\nwithout aux\t1\n", "\"claimed\":1,"},
};

static void following(void **state)
{
    (void)state;
    static const row lists[] = {
        /* 8x8 claimed as 9x9, then 9 - 2; channels first, last, and as large as the sides */
        {"8x10x10", "conv3-32 p0,conv3-4 p0", "output=32x9x9,4x7x7", FOLLOWS("1")},
        {"8x10x10", "conv3-32 p0,conv3-4 p0", "output=9x9x32,7x7x4", FOLLOWS("1")},
        {"8x10x10", "conv3-9 p0,conv3-4 p0", "output=9x9x9,4x7x7", FOLLOWS("1")},
    };
    check_rows(lists, LENGTH(lists), JSON);
    check_rows(chains, LENGTH(chains), SHEET);
}

/* What is said to people: rows that no layer stands for, several explanations and what would tell
 * them apart. */
static void said(void **state)
{
    (void)state;
    static const row rows[] = {
        {"4x122x122", "conv4-32 s3 p0", "40x40x32",
         "+ right    total: output = 40x40x32 (height x width x channels; here 32x40x40)\n"},
        {NULL, "upsample2x3", "jump=3", "; right is 0.5x1/3\n"},
        {"vector 8", "FC-2", "rf=3", "; right is none\n"},
        /* 5 layers of 584, or 70: the biases of one are forgotten */
        {"8x8x8", "5*conv3-8", "2912", " in layer 1 (conv3-8) or in one of 4 other layers: "},
        {"8x8x8", "70*conv3-8", "40872", " in layer 1 (conv3-8) or in one of 63 other layers: "},
        /* what is not about a layer has no question: 9*2*4*64 MACs, with all 4 channels twice */
        {"4x8x8", "conv3-4 g2 b0", "macs=9216",
         "[groups-ignored]\n    or if the factor 2 between MACs and FLOPs is applied once too "
         "often: 2*C*N*kh*kw*Ho*Wo [flops-for-macs]\n"},
        {"3x64x64", "conv3-8,conv3-8 s2", "rf=7", "(r - 1)*s + k [field-backwards]\n"},
        /* w = b = 10; of two inputs w = 20 */
        {"vector 1", "FC-10", "params=10",
         "layer 1 (FC-10) with 2 entering would tell them apart: 20 for [no-bias], 10 for "
         "[activations-for-params]\n"},
        /* the same, but with two inputs there are too many FLOPs */
        {"vector 1", "FC-4000000000000000000", "params=4000000000000000000",
         "N [activations-for-params]\n"},
        /* one bias in all, whether one filter is meant or one bias for all: no input tells */
        {"3x2x2", "FC-10,flatten", "biases=1",
         "if one bias serves all filters in layer 1 (FC-10): 1 [one-bias]\n"},
        /* with a stride the missing padding costs nothing, the + 1 does: 4 -> 2, so 27*4 for one
         * filter, or 4 -> 1 */
        {"3x2x2", "conv3-4,gap,upsample2", "macs=27",
         "layer 1 (conv3-4) with a stride of 2 and 3x4x4 entering would tell them apart: 108 for "
         "[pad-once one-filter], 27 for [no-plus-one one-filter]\n"},
        /* 4C and 2C O^2 are the same for O^2 = 2, and larger maps or channels do not fit */
        {"2300000000000000000x1x2", "bn", "params=9200000000000000000",
         "in layer 1 (bn): 2*C*H*W [norm-spatial]\n"},
        /* 16 -> 16 -> 8, or 16 -> 8 -> 8 */
        {"16", "conv3-4 s2,conv3-4 s2", "output=8",
         "layer 1 (conv3-4 s2) would tell them apart: 4x16x16 for [stride-ignored in layer 1], "
         "4x8x8 for [stride-ignored in layer 2]\n"},
        /* with 4 channels: (5*4 + 1)*4 = 84 where they are kept, 5*8 + 8 where they are forgotten
         */
        {"3x28x28", "conv5-8", "params=48",
         "84 for [depth-kept kernel-once], 48 for [no-depth kernel-once]\n"},
    };
    check_rows(rows, LENGTH(rows), TEXT);
    static const row sheets[] = {
        {NULL, "conv3-4", "index\tinput\n1\t9\n",
         "layer 1 (conv3-4): input = 9; right is 3x224x224\n"},
        {NULL, "conv3-4", "index\toutput\n0\t9\n",
         "layer 0 (input): output = 9; right is 3x224x224\n"},
        {"8", "2*(conv3-4)", "index\tparams\n1\t9\n", "row 1: params = 9; right is 260\n"},
        {"8", "aux(conv3-4),relu", "layer\tparams\nwithout aux\t9\n",
         "total without aux: params = 9; right is 0\n"},
        /* 16 -> 7 without the padding, then 5; or 8, and then (8 - 3)/1 */
        {"16", "maxpool3 s2 p1,conv3-4 p0", "index\toutput\n2\t5\n",
         "if the padding is left out in layer 1 (maxpool3 s2 p1): floor((W - k)/s) + 1 "
         "[pad-ignored]\n    or if the + 1 is forgotten: floor((W - k + 2*p)/s) [no-plus-one]\n"},
    };
    check_rows(sheets, LENGTH(sheets), (manner){.format = "table", .sheet = true});
    const cnn_text both[] = {view("macs=100"), view("flops=200")};
    assert_non_null(strstr(check(NULL, "conv3-4", both, 2, &TEXT),
                           "> follows  total: flops = 200; right is 10,838,016\n"
                           "    follows from your macs of the total\n"));
}

/* With 2,147,483,647 samples memory comes to the limits: 2^63 bytes are 5.4 * 10^8 values of f64.
 */
static void large_memory(void **state)
{
    (void)state;
    const manner many = {.format = "json", .sheet = true, .samples = INT32_MAX};
    static const row rows[] = {
        {"3x100000x100000", "relu,maxpool", "layer\tmemory\ntotal\t5\n", "\"right\":null," WRONG},
        {"1x1x580000000", "maxpool1 s1", "layer\tmemory\ntotal\t5\n", "\"right\":null," WRONG},
        {"3x100000x100000", "relu,maxpool", "layer\tmemory\nwithout aux\t5\n",
         "\"right\":null," WRONG},
        /* 3 * (10^9)^2 values, behind a size that is claimed too large */
        {"10", "maxpool3 s1,maxpool3 s1", "index\toutput\tmemory\n1\t1000000000\t\n2\t6\t77\n",
         "\"claimed\":77,\"right\":927712935504," WRONG},
        /* stride-ignored would double the output, or quadruple it */
        {"1x1x570000000", "maxpool1x2 s1x2", "layer\tmemory\ntotal\t5\n", WRONG},
        {"1x1x570000000", "maxpool1x2 s1x2,aux(gap,FC-1)", "layer\tmemory\nwithout aux\t5\n",
         WRONG},
        {"1x1x2000000000", "maxpool1x4 s1x4", "index\tmemory\n1\t5\n", WRONG},
    };
    check_rows(rows, LENGTH(rows), many);
    const cnn_text budget = view("memory<5");
    const manner plain = {.format = "json", .samples = INT32_MAX};
    assert_non_null(strstr(check("3x100000x100000", "relu", &budget, 1, &plain), WRONG));
    /* 224/3 + 1 is 75.67 and rounded 76. A larger map does not fit: 77*77 * 92948 * 8 * 2147483647.
       A stride of 4 on 226: 225/4 + 1 is 57.25, rounded 57, rounded up 58. */
    const manner doubles = {.format = "table", .sheet = true, .dtype = "f64", .samples = INT32_MAX};
    static const row question[] = {
        {"3x225x225", "conv7-92948 s3 p3", "index\tmemory\n1\t9223315957466818048\n",
         "with a stride of 4 and 3x226x226 entering would tell them apart: "
         "5,371,751,191,294,732,672 for [ceil-for-floor], 5,188,115,226,075,085,152 for "
         "[no-floor]"},
    };
    check_rows(question, LENGTH(question), doubles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers), cmocka_unit_test(no_mistake_fits), cmocka_unit_test(following),
        cmocka_unit_test(said),    cmocka_unit_test(large_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
