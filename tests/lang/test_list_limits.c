/*
 * Lists that take the branches which the tests of each rule leave over: limits of 64 bits, limits
 * of nesting and counting, odd places for blanks and line ends. Totals and sizes are worked out by
 * hand; the errors' names stand in base/errors.def.
 */
#include "support.h"

enum { LONG = 1 << 12 };

static void accepted(void **state)
{
    (void)state;
    static const struct {
        const char *input, *layers, *output;
        int64_t params;
    } rows[] = {
        /* a parameter that depends on c, handed on: 3 + 1 layers */
        {"", "f(n)=n*relu; g(k)=f(k+1); g(c)", "3x224x224", 0},
        /* a count behind a tab, a parameter as a count, a sign of multiplication */
        {"", "(1+1)\t*relu, n=2; n * relu, n\t*relu, 2 \xC3\x97 relu", "3x224x224", 0},
        /* counts over several lines, with a comment, and of nested parentheses */
        {"8", "(2\n*1)*bn, (1 # )\n)*bn, ((1)+(1\n+1))*bn, (bn\n,bn)", "3x8x8", 48},
        /* joins nested deeper than those that are read straight into the network; 3*3 + 3 each */
        {"8",
         "add(add(add(add(add(add(add(add(add(add(conv1-3|id)|id)|id)|id)|id)|id)|id)|id)|id)|"
         "add(id|add(id|add(id|add(id|add(id|add(id|add(id|add(id|add(id|conv1-3))))))))))",
         "3x8x8", 24},
        /* names that begin as layers and attributes do, but end otherwise */
        {"8", "conv_3=4\nconv1-conv_3", "4x8x8", 16},
        {"8", "conv3x=4\nconv1-conv3x", "4x8x8", 16},
        {"8", "s2_3=4\nconv1-s2_3", "4x8x8", 16},
        {"8", "s2x=4\nconv1-s2x", "4x8x8", 16},
        {"8", "s2x_1=4\nconv1-s2x_1", "4x8x8", 16},
        {"8", "s=4\nconv1-s", "4x8x8", 16},
        {"8", "ch=4\nconv1-ch", "4x8x8", 16},
        /* the stride of a pooling is its kernel, also where that is computed */
        {"9", "n=3; maxpool(n)", "3x3x3", 0},
        {"9", "n=3; maxpool(n)x1", "3x3x9", 0},
        {"9", "n=3; maxpool1x(n)", "3x9x3", 0},
        {"9", "n=3; avgpool(n) s1", "3x7x7", 0},
        {"9", "n=3; avgpool3 s(n-1)", "3x4x4", 0},
        {"9", "f(n)=maxpool(n); f(3)", "3x3x3", 0},
        /* what is not expanded may be large */
        {"8", "0*(2000000*relu),relu", "3x8x8", 0},
        {"8", "f(n)=n*(2000000*relu); f(0), relu", "3x8x8", 0},
        /* a line end inside parentheses of a number */
        {"8", "conv(1\n+\n2)-4", "4x8x8", 112},
        {"8", "conv(\r\n3 # three\r\n)-4", "4x8x8", 112},
        /* comments inside the parentheses of a definition, one that hides a parenthesis */
        {"8", "f(n # )\n)=conv3-n\nf(4)", "4x8x8", 112},
        {"8", "(relu # )\n, bn)", "3x8x8", 6},
        /* bytes of U+00D7 and of four-byte characters in comments */
        {"8", "relu # \xC3\x97 \xE2\x82\xAC \xF0\x9F\x98\x80 \xF4\x8F\xBF\xBF \xEE\x80\x80",
         "3x8x8", 0},
        {"8", "relu # \xE0\xA0\x80 \xED\x80\x80 \xF0\x90\x80\x80", "3x8x8", 0},
        /* words joined over '-', a word with many digits behind it */
        {"8", "soft-max, hard-swish, batch-norm", "3x8x8", 6},
        {"8", "split(id | id | id), relu", "3x8x8", 0},
        /* nothing at all remains of a repeated list */
        {"8", "0*(conv3-4)", "3x8x8", 0},
        {"8", "0*(conv3-4), (0)*(relu), relu", "3x8x8", 0},
        /* a count that ends on another line: twice 3 scales and shifts */
        {"8", "n=2;(n\n)*bn", "3x8x8", 12},
        /* an input in parentheses and with a line end behind */
        {"(8)", "relu", "3x8x8", 0},
        {"8 \n", "relu", "3x8x8", 0},
        {"28 grey images", "relu", "1x28x28", 0},
        {"vector 7", "FC-2", "2", 16},
        /* named numbers that end at each kind of line end */
        {"8", "n=4\r\nm=3;k=n/4\nconv(m)-n", "4x8x8", 112},
        /* uneven padding: same with a kernel of 2 pads 0 before and 1 behind */
        {"8", "conv2x4-4", "4x8x8", 100},
        /* dropout from a parameter */
        {"8", "f(p=1)=dropout(p); f; f(0)", "3x8x8", 0},
        /* the last branch of many: aa, ab */
        {"8",
         "add(id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id)",
         "3x8x8", 0},
        /* a product that stretches a vector, and a single row */
        {"8", "mul(id | gap,flatten)", "3x8x8", 0},
        {"8", "mul(gap,flatten | id)", "3x8x8", 0},
        /* what one side has and the other does not: stride, kernel, padding, dilation */
        {"8", "conv3-4 s2x1 p1", "4x4x8", 112},
        {"8", "conv3x1-4 p1", "4x8x10", 40},
        {"8", "conv3-4 p1x0", "4x8x6", 112},
        {"8", "conv3-4 p1 d1x2", "4x8x6", 112},
        {"8", "avgpool2 s2x1", "3x4x7", 0},
        {"8", "maxpool3x2 s2", "3x3x4", 0},
        {"8", "maxpool3 s1 p1x0", "3x8x6", 0},
        /* a parameter that depends on sizes is not counted as 0 beforehand: 4 layers */
        {"8", "f(n)=(n+1000001)*bn; f(c-1000000)", "3x8x8", 24},
        {"8x4", "mul(id | avgpool8x1 s1)", "3x8x4", 0},
        /* names that begin like an attribute or a layer */
        {"8", "s2x=4\ns_2=5\ns2_=6\nconvx=relu\nconv3x=bn\nconv3-s2x,convx,conv3x", "4x8x8", 120},
        {"8", "lu=se-lu\nlu", "3x8x8", 0}, /* selu, no number lu */
        /* numbers of an attribute and of a side in parentheses */
        {"8", "conv3x(1)-4 s(1)", "4x8x8", 40},
        /* the same padding on both axes, on none, and none at all where the stride is large */
        {"6", "conv2-3 s1,conv2x3-1,conv1-1 s4", "1x2x2", 60},
        /* a kernel below the stride: 8 * 3, and nothing of it is padding */
        {"8", "deconv1-4 s3", "4x24x24", 16},
        {"8", "deconv1-4 s4x5", "4x32x40", 16},
        /* numbers next to the largest */
        {"1x1x1", "chpad-4611686018427387903, bn", "4611686018427387903x1x1", 9223372036854775806},
        {"1x1x1", "resize1x9223372036854775807", "1x1x9223372036854775807", 0},
        {"1x1x9000000000000000000", "maxpool1x2 s1x5000000000000000000 p0x1 ceil", "1x1x2", 0},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list(rows[i].input, rows[i].layers);
        char name[64] = "";
        EXPECT(failed, r.done, "row %d %s: %s", (int)i, rows[i].layers, cnn_error_id(&r.err));
        if (r.done) {
            shape_name(output_of(&r.net), name, sizeof name);
            EXPECT(failed,
                   strcmp(name, rows[i].output) == 0 && r.net.totals.params == rows[i].params,
                   "row %d %s: %s, %lld", (int)i, rows[i].layers, name,
                   (long long)r.net.totals.params);
        }
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

static void refused(void **state)
{
    (void)state;
    static const struct {
        const char *input, *layers, *error;
    } rows[] = {
        /* counted before they are expanded */
        {"4x8x8", "(999999*id, split(id | id))", "too-many-layers"},
        {"", "(999998*id, add(id | id))", "too-many-layers"},
        {"", "(999998*id, se-8)", "too-many-layers"},
        {"", "f(x)=x,x; 1000000*f(id)", "too-many-layers"},
        {"", "n=1000001; n*id", "too-many-layers"},
        {"100x8x8", "c*(c*(c*(c*relu)))", "too-many-layers"}, /* and one while they are expanded */
        /* a default that cannot be computed */
        {"", "f(n, m=n/2)=conv3-m; f(3)", "inexact-division"},
        {"", "f(n=1/2)=conv3-n; f", "inexact-division"},
        /* values are computed, used or not */
        {"", "f(n, m)=conv3-m; f(7/0, 4)", "inexact-division"},
        {"", "f(n, m=n/0)=conv3-n; f(3)", "inexact-division"},
        {"", "f(n, m=n/0, k=4)=conv3-k; f(3)", "inexact-division"},
        /* names that read as attributes or layers */
        {"", "s22=3\nrelu", "name-taken"},
        {"", "s2x3=3\nrelu", "name-taken"},
        {"", "s2x34p1=3\nrelu", "name-taken"},
        {"", "s2same=3\nrelu", "name-taken"},
        {"", "conv33x3=3\nrelu", "name-taken"},
        {"", "W=3\nrelu", "name-taken"},
        /* overflow in expressions, each operation */
        {"", "n=9223372036854775807+1\nrelu", "overflow"},
        {"", "n=0-9223372036854775807-2\nrelu", "overflow"},
        {"", "n=9223372036854775807*2\nrelu", "overflow"},
        {"", "n=99999999999999999999\nrelu", "overflow"},
        {"", "99999999999999999999*relu", "overflow"},
        {"", "f(n)=relu;f(99999999999999999999)", "overflow"},
        {"", "dropout99999999999999999999", "overflow"},
        {"", "conv3-c*relu", "star-place"},
        {"", "(x)*relu", "unknown-number"},
        {"99999999999999999999", "relu", "overflow"},
        {"8x99999999999999999999", "relu", "overflow"},
        {"vector 0", "relu", "too-small"},
        /* a value is wanted */
        {"", "conv?-3", "unknown-value"},
        {"", "n=?\nrelu", "number-wanted"},
        {"", "n=c\nrelu", "number-wanted"},
        {"", "(?+1)*relu", "unknown-value"},
        {"", "conv(1+?)-3", "unknown-value"},
        /* inputs */
        {"8 8", "relu", "input-form"},
        {"(8", "relu", "parenthesis-open"},
        {"(8 8)", "relu", "input-form"},
        {"()", "relu", "input-form"},
        {"x", "relu", "input-form"},
        {"8x", "relu", "input-form"},
        {"8 \xFF", "relu", "bad-utf8"},
        {"8#\xF4\x90\x80\x80", "relu", "bad-utf8"},
        {"8\n3", "relu", "input-form"},
        {"2\xCE\x97", "relu", "input-form"},
        {"(8*", "relu", "input-form"},
        {"", "input 8,,relu", "item-missing"},
        {"", "input 8 relu", "input-form"},
        {"", "input (8", "parenthesis-open"},
        {"", ",,relu", "item-missing"},
        {"", "relu, input8", "input-late"},
        /* more than an attribute may be */
        {"", "conv3-4 b2", "too-large"},
        /* a name that is nearer than the letters it begins with */
        {"", "block1=relu\nblok1", "unknown-layer"},
        {"", "_x", "unknown-layer"},
        /* a probability below 0, from a computation */
        {"", "dropout(0-1)", "probability"},
        /* what stands behind a layer without a size: an item whose comma is missing, or a size */
        {"", "relu (conv3-4)", "comma-missing"},
        {"", "relu\t(conv3-4)", "comma-missing"},
        {"", "relu 3x(bn)", "comma-missing"},
        {"", "relu 3*bn", "comma-missing"},
        {"", "relu 3x3", "no-size"},
        {"", "relu ?", "no-size"},
        {"", "relu 99999999999999999999", "no-size"},
        /* what may begin the number of an attribute or of a second side */
        {"", "conv3-4 s?", "unknown-value"},
        {"", "conv3-4 s-1", "number-wanted"},
        {"", "conv3x?-4", "unknown-value"},
        {"", "conv3x-1-4", "number-wanted"},
        {"", "conv3x_-4", "unknown-layer"},
        {"", "a:", "unexpected"},
        {"vector", "relu", "input-form"},
        /* characters in more bytes than they need, and halves of pairs. Unicode 15, table 3-7 */
        {"", "relu # \xE0\x80\x80", "bad-utf8"},
        {"", "relu # \xF0\x80\x80\x80", "bad-utf8"},
        {"", "relu # \xED\xA0\x80", "bad-utf8"},
        /* 2^62 values take 2^63 - 2 weights and 2 biases */
        {"vector 4611686018427387903", "FC-2", "overflow"},
        /* a scale and a shift for each of 2^62 features; for one less, but twice */
        {"vector 4611686018427387904", "ln", "overflow"},
        {"vector 4611686018427387903", "ln,ln", "overflow"},
        /* 2^63 weights for 2^61 values; 5.7*10^9 weights at 1.7*10^9 places, for 3.2*10^18 values
         */
        {"4x1x1", "conv1-2305843009213693952 b0", "overflow"},
        {"1x1700000000x1", "conv3x1-1900000000 b0", "overflow"},
        {"1x1x1700000000", "conv1x3-1900000000 b0", "overflow"},
        {"vector 4611686018427387904", "FC-2 b0", "overflow"},
        /* 7 * 2^62 rows */
        {"1x8x8", "deconv1-1 s4611686018427387904x1 p0", "overflow"},
        /* one side that does not fit its window, first or second, and both */
        {"8x9", "conv9x3-4 p0", "kernel-too-large"},
        {"9x8", "conv3x9-4 p0", "kernel-too-large"},
        {"8", "conv9-4 p0", "kernel-too-large"},
        {"8", "conv3-4 d4611686018427387904", "overflow"},
        {"8x9", "conv3-4 d4611686018427387904", "overflow"},
        /* kinds that want a map */
        {"vector 8", "gap", "needs-map"},
        {"vector 8", "gmp", "needs-map"},
        {"vector 8", "aap2", "needs-map"},
        {"vector 8", "maxpool", "needs-map"},
        {"vector 8", "upsample2", "needs-map"},
        {"vector 8", "resize4", "needs-map"},
        {"vector 8", "crop4", "needs-map"},
        {"vector 8", "pad1", "needs-map"},
        {"vector 8", "deconv2-3", "needs-map"},
        /* cut to more rows or columns than there are */
        /* one side alone */
        {"8", "add(id | crop8x4)", "add-shapes"},
        {"8", "add(id | crop4x8)", "add-shapes"},
        {"8", "add(crop8x4 | crop4x8)", "add-shapes"},
        {"8", "add(id | id | crop8x4)", "add-shapes"},
        {"8", "add(id | conv1-4)", "add-shapes"},
        {"8", "cat(id | crop8x4)", "cat-shapes"},
        {"8", "cat(id | crop4x8)", "cat-shapes"},
        {"8", "cat(id | id | crop8x4)", "cat-shapes"},
        {"8", "mul(id | crop8x4)", "mul-shapes"},
        {"8", "mul(id | crop4x8)", "mul-shapes"},
        {"8", "mul(id | id | crop4x8)", "mul-shapes"},
        {"8", "crop9x8", "crop"},
        {"8", "crop8x9", "crop"},
        /* rows or columns alone */
        {"8", "deconv2-3 s2 op1x0", "extra-same"},
        {"8", "deconv2-3 s2 op0x1", "extra-same"},
        /* a kernel of 9 on 8 + 2^64 - 2 positions: too many, not too few */
        {"8", "conv9-4 p9223372036854775807", "overflow"},
        {"8x9", "conv9-4 p9223372036854775807", "overflow"},
        /* two layers of 2^62 weights each; of 2^62 - 1 MACs each, more FLOPs than fit */
        {"vector 2147483648", "FC-2147483648,FC-2147483648", "overflow"},
        {"vector 4611686018427387903", "FC-1 b0,FC-4611686018427387903 b0", "overflow"},
        {"vector 4611686018427387904", "FC-1 b0", "overflow"},
        /* the weights of a head count, its MACs do not: 2^62 + 2^62 - 1 of these would be too many
         */
        {"vector 4611686018427387904", "aux(FC-1 b0)", "overflow"},
        /* a map is wanted, of the layer and of what it takes its size from */
        {"8", "flatten, crop8", "needs-map"},
        {"8", "conv3-(())", "number-wanted"},
        {"8", "(1+())*relu", "number-wanted"},
        {"8", "flatten, resize8", "needs-map"},
        {"8", "mul(id | gap, v: flatten), crop@v", "needs-map"},
        {"8", "add(@nowhere | id)", "unknown-label"},
        {"8", "conv3-8 p1 xyz", "unknown-attribute"},
        {"8", "conv3-8 p1 x, id", "unknown-attribute"},
        /* counts without an item, before everything that may end one */
        {"", "2*", "count-item"},
        {"", "2*;relu", "count-item"},
        {"", "2*\nrelu", "count-item"},
        {"", "2*\r\nrelu", "count-item"},
        {"", "add(2*|id)", "count-item"},
        {"", "(2*)", "count-item"},
        /* counts behind, and in parentheses that hold none */
        {"", "relu*2", "star-place"},
        {"", "(relu,bn)*2", "star-place"},
        {"", "(relu\nbn)*2", "star-place"},
        {"", "(a: relu)*2", "star-place"},
        {"", "(id; id)*2", "star-place"},
        {"", "(relu)*2", "unknown-number"},
        {"", "(2 3)*relu", "unexpected"},
        {"", "conv3-(2 3", "parenthesis-open"},
        {"", "conv3-(2 | 3)", "bar-outside"},
        {"", "(2\n3)*relu", "size-first"},
        {"", "(id | id)*2", "bar-outside"},
        {"", "(n=2)*id", "definition-inside"},
        {"", "(1, 2)*id", "size-first"},
        {"", "((id)", "parenthesis-open"},
        {"", "(id, (id)", "parenthesis-open"},
        {"", "(id), (id, (id)", "parenthesis-open"},
        {"", "2*,relu", "count-item"},
        /* empty groups and branches */
        {"", "add(|id)", "empty-group"},
        {"", "()", "empty-group"},
        {"", "add(", "parenthesis-open"},
        {"", "add(id|id", "parenthesis-open"},
        {"", "(id,,id)", "item-missing"},
        {"", "(id,)", "item-missing"},
        {"", "(,,id)", "item-missing"},
        {"", "add(,,id | id)", "item-missing"},
        {"", "aux(id|id)", "one-list"},
        {"", "aux", "one-list"},
        {"", "add", "branches"},
        /* definitions in odd places */
        {"", "f(n)", "unknown-layer"},
        {"", "(f(n)=relu)", "definition-inside"},
        {"", "f(n,n=1)=relu;f(1)", "defined-twice"},
        {"", "conv3x3=relu", "name-taken"},
        {"", "s2x2p1=relu", "name-taken"},
        {"", "same=relu", "name-taken"},
        {"", "f(n)=relu;f(id id)", "comma-missing"},
        {"", "f(n)=relu;f(id", "parenthesis-open"},
        {"", "f(n)=relu;f(", "parenthesis-open"},
        {"", "f(n,m)=relu;f(n=1,2)", "argument-order"},
        {"", "f(n)=n*f(n); f(1)", "recursion"},
        {"", "relu \x01", "unexpected-character"},
        {"", "relu @x", "no-label"},
        {"", "relu (id)", "comma-missing"},
        {"", "relu _x", "comma-missing"},
        {"", "relu 3x(id)", "comma-missing"},
        {"", "maxpool 3*id", "star-place"},
        {"", "maxpool (id)", "unknown-number"},
        {"", "relu000000000000000000000000000000000000", "no-size"},
        {"", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb", "unknown-layer"},
        {"", "relu)", "parenthesis-close"},
        {"", "relu|", "bar-outside"},
        {"", "relu}", "unexpected-character"},
        /* not UTF-8: cut off, overlong, surrogates, above U+10FFFF, a continuation alone */
        {"", "#\xC3", "bad-utf8"},
        {"", "#\xC3(", "bad-utf8"},
        {"", "#\xC0\x80", "bad-utf8"},
        {"", "#\xE0\x80\x80", "bad-utf8"},
        {"", "#\xF0\x80\x80\x80", "bad-utf8"},
        {"", "#\xED\xA0\x80", "bad-utf8"},
        {"", "#\xF4\x90\x80\x80", "bad-utf8"},
        {"", "#\xF5\x80\x80\x80", "bad-utf8"},
        {"", "#\x80", "bad-utf8"},
        /* sizes and counts beyond 64 bits, each where it arises */
        {"1x1x2", "chpad-5000000000000000000", "overflow"},
        {"1x1x1", "chpad-5000000000000000000,bn", "overflow"},
        {"1x1x1", "cat(chpad-5000000000000000000 | chpad-5000000000000000000)", "overflow"},
        {"8", "pad5000000000000000000", "overflow"},
        {"8", "pad4611686018427387903", "overflow"},
        {"8", "pixshuf5000000000", "overflow"},
        {"8", "upsample9000000000000000000", "overflow"},
        {"8", "reshape 5000000000x5000000000x5000000000", "overflow"},
        {"8", "deconv4-1 d9223372036854775807", "overflow"},
        {"vector 1", "FC-5000000000000000000", "overflow"},
        {"vector 1",
         "2*(FC-3000000000000000000 b0, reshape 3000000000000000000x1x1, gap, conv1-1 b0),"
         "FC-4000000000000000000 b0",
         "overflow"},
        {"1x1x1", "3*(conv1-3000000000000000000 b0, conv1-1 b0)", "overflow"},
        {"1x1x1", "3*(conv1x2000000000000000000-1 s1x2000000000000000000), conv1-1", "overflow"},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list(rows[i].input, rows[i].layers);
        EXPECT(failed, !r.done && strcmp(cnn_error_id(&r.err), rows[i].error) == 0, "row %d %s: %s",
               (int)i, rows[i].layers, cnn_error_id(&r.err));
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* Everything that nests, once more than the limit. */
static void nested_too_deep(void **state)
{
    (void)state;
    static const struct {
        const char *before, *open, *middle;
    } rows[] = {
        {"", "(", "relu"},
        {"", "2*", "relu"},
        {"", "a:", "relu"},
        {"", "add(", "relu"},
        {"f(x)=x;", "f(", "relu"},
        {"", "(", "1)*relu"},
        {"conv3-", "(", "1"},
        {"n=", "(", "1"},
        {"f(n)=relu;f(", "(", "1"},
        {"f(x)=x;f(", "2*", "id"},
        {"", "(2*", "id"},
        /* what is defined is read, even if nobody uses it */
        {"id;f=", "(", "relu"},
        {"id;f=", "2*", "relu"},
        {"id;f=", "a:", "relu"},
        {"id;f=", "aux(", "relu"},
        {"f(x)=x;id;g=", "f(", "relu"},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        char text[LONG] = "";
        strcat(text, rows[i].before);
        for (int k = 0; k < CNN_MAX_NESTING + 1; k++) {
            strcat(text, rows[i].open);
        }
        strcat(text, rows[i].middle);
        /* as many as are open, so that nothing else is wrong */
        int open = 0;
        for (const char *p = text; *p != '\0'; p++) {
            open += (*p == '(') - (*p == ')');
        }
        memset(text + strlen(text), ')', (size_t)open);
        reading r = read_list("", text);
        EXPECT(failed, strcmp(cnn_error_id(&r.err), "nesting") == 0, "row %d: %s", (int)i,
               cnn_error_id(&r.err));
        reading_free(&r);
    }
    /* f1 calls f0, and so on: each call a level, found only while expanding */
    char text[LONG * 2] = "z0=id\n";
    for (int k = 1; k <= CNN_MAX_NESTING; k++) {
        char line[32];
        snprintf(line, sizeof line, "z%d=z%d\n", k, k - 1);
        strcat(text, line);
    }
    strcat(text, "z200");
    reading r = read_list("", text);
    EXPECT(failed, strcmp(cnn_error_id(&r.err), "nesting") == 0, "calls: %s", cnn_error_id(&r.err));
    EXPECT(failed,
           r.err.span.begin == strlen("z0=id\nz1=") && r.err.span.end == strlen("z0=id\nz1=z0"),
           "calls: %u-%u", r.err.span.begin, r.err.span.end);
    reading_free(&r);
    assert_int_equal(failed, 0);
}

/* "_" and three digits of base 36: no word of the language. */
static void short_name(char *name, int number)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    snprintf(name, 5, "_%c%c%c", digits[number / (36 * 36)], digits[number / 36 % 36],
             digits[number % 36]);
}

/* As many calls of repeats of calls as there are such names: this must not show on the stack. */
static void calls_without_end(void **state)
{
    (void)state;
    enum { NAMES = 36 * 36 * 36 };
    static char text[NAMES * 16 + 16];
    char name[5] = "id", next[5];
    char *p = text;
    for (int k = 0; k < NAMES; k++) {
        short_name(next, k);
        p += sprintf(p, "%s=1*1*1*%s\n", next, name);
        memcpy(name, next, sizeof name);
    }
    strcpy(p, name);
    reading r = read_list("", text);
    assert_string_equal(cnn_error_id(&r.err), "nesting");
    reading_free(&r);
}

/* An expression may have any number of terms. */
static void long_expressions(void **state)
{
    (void)state;
    char text[LONG] = "conv3-(1";
    for (int k = 0; k < 1000; k++) {
        strcat(text, "+1");
    }
    reading r = read_list("8", strcat(text, ")"));
    assert_true(r.done);
    assert_int_equal(output_of(&r.net)->channels, 1001);
    reading_free(&r);
}

/* A list that is wrong is told before a definition that nothing needs. */
static void lists_before_defines(void **state)
{
    (void)state;
    static unsigned char memory[1 << 17];
    const cnn_text define = view("m=5");
    const cnn_settings settings = {.defines = &define, .define_count = 1};
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    cnn_network net = {0};
    cnn_error err = {0};
    assert_false(cnn_network_read(&arena, view("relu,foo"), &settings, &net, &err));
    assert_string_equal(cnn_error_id(&err), "unknown-layer");
    assert_int_equal(err.source, CNN_SOURCE_LAYERS);
}

/* Numbers given beside the list. */
static void defines(void **state)
{
    (void)state;
    static const struct {
        const char *define, *error;
        int64_t channels;
    } rows[] = {
        {"n=5", "", 5},
        {" N = 6 ", "", 6},
        {"n=", "define-form", 0},
        {"n=x", "define-form", 0},
        {"n=5x", "define-form", 0},
        {"n=99999999999999999999", "overflow", 0},
        {"n", "define-form", 0},
        {"m", "define-form", 0},
        {"=5", "define-form", 0},
        {"m=5", "define-name", 0},
        {"width=5", "define-name", 0},
    };
    static unsigned char memory[1 << 17];
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const cnn_text define = view(rows[i].define);
        const cnn_settings settings = {.defines = &define, .define_count = 1};
        cnn_arena arena = cnn_arena_over(memory, sizeof memory);
        cnn_network net = {0};
        cnn_error err = {0};
        const bool done = cnn_network_read(&arena, view("n=4\nconv3-n"), &settings, &net, &err);
        EXPECT(failed, done == (rows[i].error[0] == '\0'), "%s: %s", rows[i].define,
               cnn_error_id(&err));
        EXPECT(failed,
               done ? output_of(&net)->channels == rows[i].channels
                    : strcmp(cnn_error_id(&err), rows[i].error) == 0 &&
                          err.source == CNN_SOURCE_DEFINE,
               "%s: %s", rows[i].define, cnn_error_id(&err));
    }
    /* The second of two that nothing needs; a number that cannot be computed is wrong with one,
     * too. */
    static const struct {
        const char *list, *define[2], *error;
    } lists[] = {
        {"n=4\nconv3-n", {"n=5", "m=5"}, "define-name"},
        {"n=4\nm=3\nconv3-n", {"n=5", "m=5"}, "ok"},
        {"n=7/2\nconv3-n", {"n=5", "n=6"}, "ok"},
        {"n=7/2\nconv3-n", {"n=x", "n=6"}, "define-form"},
    };
    for (size_t i = 0; i < LENGTH(lists); i++) {
        const cnn_text two[] = {view(lists[i].define[0]), view(lists[i].define[1])};
        const cnn_settings settings = {.defines = two, .define_count = 2};
        cnn_arena arena = cnn_arena_over(memory, sizeof memory);
        cnn_network net = {0};
        cnn_error err = {0};
        const bool done = cnn_network_read(&arena, view(lists[i].list), &settings, &net, &err);
        EXPECT(failed, strcmp(cnn_error_id(&err), lists[i].error) == 0, "%s: %s", lists[i].list,
               cnn_error_id(&err));
        EXPECT(failed, done == (err.code == CNN_OK), "%s", lists[i].list);
        EXPECT(failed, i > 0 || err.index == 1, "%s", lists[i].list);
    }
    /* More than 32: all are used, only the first 32 have to be. */
    cnn_text many[40];
    for (size_t i = 0; i < LENGTH(many); i++) {
        many[i] = view(i < 39 ? "n=5" : "n=7");
    }
    const cnn_settings settings = {.defines = many, .define_count = LENGTH(many)};
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    cnn_network net = {0};
    cnn_error err = {0};
    assert_true(cnn_network_read(&arena, view("n=4\nconv3-n"), &settings, &net, &err));
    assert_int_equal(output_of(&net)->channels, 7);
    assert_int_equal(failed, 0);
}

/* One byte more than a list may have. */
static void too_long(void **state)
{
    (void)state;
    char *text = malloc(CNN_MAX_BYTES + 1);
    assert_non_null(text);
    memset(text, ' ', CNN_MAX_BYTES + 1);
    memcpy(text, "relu", 4);
    reading r = read_text_list("", (cnn_text){text, CNN_MAX_BYTES});
    assert_true(r.done);
    reading_free(&r);
    r = read_text_list("", (cnn_text){text, CNN_MAX_BYTES + 1});
    assert_string_equal(cnn_error_id(&r.err), "too-long");
    reading_free(&r);
    free(text);
}

/* Joins of more branches than are read straight into the network: 3*3 + 3 parameters each. */
static void wide_joins(void **state)
{
    (void)state;
    static char list[1 << 15];
    for (int32_t branches = 990; branches < 1010; branches++) {
        size_t size = 0;
        for (int32_t i = 0; i < branches; i++) {
            size += (size_t)sprintf(list + size, "%sconv1-3", i == 0 ? "add(" : "|");
        }
        strcpy(list + size, ")");
        reading r = read_list("8", list);
        assert_true(r.done);
        assert_int_equal(r.net.totals.params, 12 * branches);
        assert_int_equal(r.net.layer_count, branches + 2);
        reading_free(&r);
    }
}

/* A byte that is wrong is found wherever it stands in lists of any length. */
static void wrong_bytes_anywhere(void **state)
{
    (void)state;
    static const char wrong[] = {'\0', '\x80', '\xFF'};
    for (size_t size = 1; size <= 100; size++) {
        for (size_t at = 0; at < size; at++) {
            for (size_t i = 0; i < LENGTH(wrong); i++) {
                char list[100];
                memset(list, '#', sizeof list);
                list[at] = wrong[i];
                reading r = read_text_list(NULL, (cnn_text){list, size});
                assert_string_equal(cnn_error_id(&r.err), i == 0 ? "nul-byte" : "bad-utf8");
                assert_int_equal(r.err.span.begin, at);
                reading_free(&r);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_bytes_anywhere),
        cmocka_unit_test(accepted),
        cmocka_unit_test(refused),
        cmocka_unit_test(nested_too_deep),
        cmocka_unit_test(long_expressions),
        cmocka_unit_test(lists_before_defines),
        cmocka_unit_test(defines),
        cmocka_unit_test(too_long),
        cmocka_unit_test(calls_without_end),
        cmocka_unit_test(wide_joins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
