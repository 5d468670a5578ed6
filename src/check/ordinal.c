/*
 * Names that number the layers of a sort: "conv2", "POOL 1", "fc6", "conv3_1" of courses and
 * papers, and "conv2d_1 (Conv2D)", "Linear-4" of summaries, which go in the order of the network.
 */
#include "check/ordinal.h"

#include "ops/op.h"

#define IS(role) (1u << CNN_ROLE_##role)

enum {
    CONVS = IS(CONV),
    MAXES = IS(MAX_POOL),
    MEANS = IS(AVERAGE_POOL),
    POOLS = MAXES | MEANS,
    GLOBALS = IS(GLOBAL_AVERAGE) | IS(ADAPTIVE_AVERAGE)
};

/* Without the "2d" of tools. */
static const struct {
    const char *word;
    uint32_t roles;
} sorts[] = {
    {"conv", CONVS},
    {"convolution", CONVS},
    {"depthwiseconv", CONVS},
    {"deconv", IS(TRANSPOSED)},
    {"convtranspose", IS(TRANSPOSED)},
    {"pool", POOLS},
    {"pooling", POOLS},
    {"maxpool", MAXES},
    {"maxpooling", MAXES},
    {"avgpool", MEANS},
    {"averagepooling", MEANS},
    {"adaptiveavgpool", GLOBALS},
    {"globalaveragepooling", GLOBALS},
    {"fc", IS(DENSE)},
    {"dense", IS(DENSE)},
    {"linear", IS(DENSE)},
    {"bn", IS(BATCH_NORM)},
    {"batchnorm", IS(BATCH_NORM)},
    {"batchnormalization", IS(BATCH_NORM)},
    {"norm", IS(BATCH_NORM) | IS(LOCAL_NORM)},
    {"lrn", IS(LOCAL_NORM)},
    {"relu", IS(RELU)},
    {"flatten", IS(FLATTEN)},
    {"softmax", IS(SOFTMAX)},
};

/* A name in its parts. */
typedef struct name {
    char word[32];
    int64_t number[2]; /* 0: there is none */
    bool tool;         /* of a summary */
} name;

static bool is_joint(char c)
{
    return c == ' ' || c == '_' || c == '-' || c == '.';
}

static size_t read_number(cnn_text text, size_t at, int64_t *out)
{
    *out = 0;
    while (at < text.size && cnn_is_digit(text.data[at]) && *out < CNN_MAX_LAYERS) {
        *out = 10 * *out + (text.data[at++] - '0');
    }
    return at;
}

/* The "2d" of Conv2d, a digit before a d at the end of a word. */
static bool is_dimension(cnn_text text, size_t at)
{
    const bool digit = at + 1 < text.size && cnn_is_digit(text.data[at]);
    return digit && cnn_fold(text.data[at + 1]) == 'd' &&
           (at + 2 == text.size || !cnn_is_letter(text.data[at + 2]));
}

/* "5x5", also with the multiplication sign. */
static bool is_kernel(cnn_text text, size_t at)
{
    const size_t from = at;
    while (at < text.size && cnn_is_digit(text.data[at])) {
        at++;
    }
    cnn_text rest = cnn_text_trim(cnn_text_skip(text, at));
    const size_t sign = cnn_text_begins(rest, "x") ? 1 : cnn_text_begins(rest, "\xC3\x97") ? 2 : 0;
    rest = cnn_text_trim(cnn_text_skip(rest, sign));
    return at > from && sign > 0 && rest.size > 0 && cnn_is_digit(rest.data[0]);
}

static bool split(cnn_text text, name *out)
{
    size_t i = 0, size = 0;
    *out = (name){0};
    while (i < text.size && (cnn_is_letter(text.data[i]) || (size > 0 && is_joint(text.data[i])))) {
        if (cnn_is_letter(text.data[i]) && size + 1 < sizeof out->word) {
            out->word[size++] = cnn_fold(text.data[i]);
        }
        i++;
        if (i < text.size && is_dimension(text, i)) {
            out->tool = true;
            i += 2;
            while (i < text.size && cnn_is_letter(text.data[i])) {
                i++;
            }
        }
    }
    if (is_kernel(text, i)) { /* "Conv 5x5", "Max Pool 2x2, stride 2" */
        out->tool = true;
        return size > 0;
    }
    const bool hyphen = i > 0 && i < text.size && (text.data[i - 1] == '-');
    for (int32_t k = 0; k < 2 && i < text.size && cnn_is_digit(text.data[i]); k++) {
        i = read_number(text, i, &out->number[k]);
        i += i < text.size && is_joint(text.data[i]);
    }
    const cnn_text rest = cnn_text_trim(cnn_text_skip(text, i));
    const bool class = rest.size > 1 && rest.data[0] == '(';
    out->tool = out->tool || hyphen || class;
    return size > 0 && (rest.size == 0 || class);
}

static uint32_t roles_of(const name *n)
{
    for (size_t i = 0; i < CNN_LENGTH(sorts); i++) {
        if (cnn_text_is(cnn_text_of(n->word), sorts[i].word)) {
            return sorts[i].roles;
        }
    }
    return 0;
}

/* A sort of the table, or a kind by its own word. */
static bool is_of(const cnn_layer *layer, const name *n, uint32_t roles)
{
    return (roles >> cnn_role_of(layer) & 1) != 0 ||
           (roles == 0 && cnn_text_is(cnn_text_of(n->word), layer->op->name));
}

/* The number-th layer of these roles among those of `all`; 0: there is none. */
static int32_t nth(const cnn_network *net, uint32_t roles, uint32_t all, int64_t number)
{
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        const uint32_t its = 1u << cnn_role_of(&net->layers[i]);
        number -= (its & all) != 0;
        if (number == 0 && (its & all) != 0) {
            return (its & roles) != 0 ? i : 0;
        }
    }
    return 0;
}

/* conv3_2: the second convolution after the second pooling. */
static int32_t in_block(const cnn_network *net, uint32_t roles, int64_t block, int64_t number)
{
    for (int32_t i = net->input_count; i < net->layer_count && block > 0; i++) {
        const uint32_t its = 1u << cnn_role_of(&net->layers[i]);
        block -= (its & POOLS) != 0;
        number -= block == 1 && (its & roles) != 0;
        if (number == 0) {
            return i;
        }
    }
    return 0;
}

/* In the order of the network: the next one from `from` on. */
static int32_t next_of(const cnn_network *net, const name *n, uint32_t roles, int32_t from)
{
    for (int32_t i = from; i < net->layer_count; i++) {
        if (is_of(&net->layers[i], n, roles)) {
            return i;
        }
    }
    return 0;
}

int32_t cnn_layer_by_ordinal(const cnn_network *net, cnn_text text, int32_t from)
{
    name n;
    if (!split(text, &n)) {
        return 0;
    }
    const uint32_t roles = roles_of(&n);
    if (n.tool) {
        return next_of(net, &n, roles, from);
    }
    if (roles == 0) {
        return 0;
    }
    if (n.number[1] > 0) {
        return in_block(net, roles, n.number[0], n.number[1]);
    }
    if (n.number[0] == 0) {
        return next_of(net, &n, roles, from);
    }
    const int64_t number = n.number[0];
    int32_t found = nth(net, roles, roles, number);
    /* fc6 follows conv5 */
    found = found > 0 ? found : nth(net, roles, CONVS | IS(DENSE), number);
    return found > 0 || roles != IS(DENSE) ? found : nth(net, roles, roles, number - 5);
}
