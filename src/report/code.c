/* Networks as code: templates of constructors. */
#include "report/code.h"

#include "base/arena.h"
#include "net/network.h"
#include "ops/op.h"

void cnn_code_sides(cnn_out *out, const int64_t *side, int32_t count)
{
    bool equal = true;
    for (int32_t i = 1; i < count; i++) {
        equal = equal && side[i] == side[0];
    }
    if (equal) {
        cnn_out_int(out, side[0]);
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        cnn_out_string(out, i > 0 ? ", " : "(");
        cnn_out_int(out, side[i]);
    }
    cnn_out_char(out, ')');
}

/* ", stride="; a template without a keyword wants the number alone. */
static void put_keyword(cnn_out *out, cnn_text keyword)
{
    if (keyword.size > 0) {
        cnn_out_string(out, ", ");
        cnn_out_text(out, keyword);
        cnn_out_char(out, '=');
    }
}

/* Sides with their keyword, unless all of them are the default. */
static void put_sides(cnn_out *out, cnn_text keyword, const int64_t *side, const int64_t *standard,
                      int32_t count)
{
    bool usual = true;
    for (int32_t i = 0; i < count; i++) {
        usual = usual && side[i] == standard[i];
    }
    if (!usual) {
        put_keyword(out, keyword);
        cnn_code_sides(out, side, count);
    }
}

/* Rows and columns that a transposed convolution adds after the map. In PyTorch out is
 * (in - 1) s - 2p + d (k - 1) + 1 + output_padding: what is missing from out is the last. */
static void extra_of(const cnn_layer *layer, int64_t *out)
{
    for (int32_t i = 0; i < layer->in.axes; i++) {
        const int64_t(*const value)[CNN_AXES] = layer->attrs->value;
        const int64_t extent = value[CNN_DILATION][i] * (value[CNN_SIZE][i] - 1) + 1;
        const int64_t whole = (layer->in.side[i] - 1) * value[CNN_STRIDE][i] + extent;
        const int64_t more = layer->out.side[i] - (whole - 2 * layer->pad_low[i]);
        out[i] = more > 0 ? more : 0;
    }
}

/* The last axes, over which a layer norm works: their sizes, or where they are in Keras. */
static void put_last_axes(cnn_out *out, const cnn_layer *layer, bool places)
{
    const int32_t axes = layer->in.axes;
    const int64_t count = cnn_given(layer, CNN_ALL) ? axes + 1 : layer->attrs->value[CNN_SIZE][0];
    cnn_out_char(out, '[');
    /* axis 0 are the channels, which Keras has last; its axis 0 is the batch */
    for (int32_t i = (int32_t)(axes + 1 - count); i <= axes; i++) {
        const int64_t side = i == 0 ? layer->in.channels : layer->in.side[i - 1];
        cnn_out_int(out, !places ? side : i == 0 ? axes + 1 : i);
        cnn_out_string(out, i < axes ? ", " : "]");
    }
}

static void put_number(cnn_out *out, char letter, cnn_text keyword, const cnn_layer *layer)
{
    static const int64_t ones[CNN_AXES] = {1, 1, 1}, zeros[CNN_AXES] = {0};
    const int64_t(*const value)[CNN_AXES] = layer->attrs->value;
    const int32_t axes = layer->in.axes;
    int64_t extra[CNN_AXES] = {0};
    switch (letter) {
    case 'C':
        cnn_out_int(out, layer->in.channels);
        break;
    case 'N':
        cnn_out_int(out, layer->out.channels);
        break;
    case 'U':
        cnn_out_int(out, value[CNN_CHANNELS][0]);
        break;
    case 'F':
        cnn_out_int(out, cnn_shape_values(&layer->in));
        break;
    case 'k':
        cnn_code_sides(out, value[CNN_SIZE], axes);
        break;
    case 'n':
        cnn_out_int(out, value[CNN_SIZE][0]);
        break;
    case 'O':
        cnn_code_sides(out, layer->out.side, axes);
        break;
    case 'a':
        cnn_out_int(out, axes > 0 ? axes : 1);
        break;
    case 'i':
        for (int32_t i = 0; i < axes; i++) {
            cnn_out_string(out, ", 1");
        }
        break;
    case 'l':
        cnn_out_string(out, axes == 1 ? "linear" : axes == 2 ? "bilinear" : "trilinear");
        break;
    case 's':
        put_sides(out, keyword, value[CNN_STRIDE], ones, axes);
        break;
    /* a pooling's stride is its kernel unless it is given, in PyTorch and in Keras */
    case 'S':
        put_sides(out, keyword, value[CNN_STRIDE], value[CNN_SIZE], axes);
        break;
    case 'p':
        put_sides(out, keyword, layer->pad_low, zeros, axes);
        break;
    case 'd':
        put_sides(out, keyword, value[CNN_DILATION], ones, axes);
        break;
    case 'o':
        extra_of(layer, extra);
        put_sides(out, keyword, extra, zeros, axes);
        break;
    case 'g':
        put_sides(out, keyword, (const int64_t[]){cnn_groups(layer)}, ones, 1);
        break;
    case 'm':
        put_sides(out, keyword, (const int64_t[]){layer->out.channels / layer->in.channels}, ones,
                  1);
        break;
    case 'W':
        cnn_out_int(out, axes > 0 ? layer->in.side[axes - 1] : layer->in.channels);
        break;
    case 'M':
        put_last_axes(out, layer, false);
        break;
    case 'K':
        put_last_axes(out, layer, true);
        break;
    case 'P':
        for (int32_t i = 0; i <= axes; i++) {
            cnn_out_string(out, i > 0 ? ", " : "");
            cnn_out_int(out, value[CNN_SIZE][i]);
        }
        break;
    case 'x':
        cnn_out_int(out, value[CNN_SIZE][0]);
        cnn_out_string(out, ", ");
        cnn_out_int(out, value[CNN_SIZE][0] + layer->out.channels);
        break;
    case 'A':
        if (value[CNN_BIAS][0] != 0) {
            put_keyword(out, keyword);
            cnn_out_string(out, "True");
        }
        break;
    case 'b':
        if (value[CNN_BIAS][0] == 0) {
            put_keyword(out, keyword);
            cnn_out_string(out, "False");
        }
        break;
    default: /* 'c' */
        if (cnn_given(layer, CNN_CEIL)) {
            put_keyword(out, keyword);
            cnn_out_string(out, "True");
        }
    }
}

/* "{s stride}" is a letter, and perhaps a keyword after a blank. */
void cnn_code_put(cnn_out *out, const char *template, const cnn_layer *layer)
{
    for (const char *c = template; *c != '\0'; c++) {
        if (*c != '{') {
            cnn_out_char(out, *c);
            continue;
        }
        const char letter = *++c;
        const char *begin = ++c;
        begin += *begin == ' ';
        while (*c != '}') {
            c++;
        }
        put_number(out, letter, (cnn_text){begin, begin < c ? (size_t)(c - begin) : 0}, layer);
    }
}

/* Whether a mere list of modules will do, as nn.Sequential is. */
bool cnn_code_chain(const cnn_network *net)
{
    for (int32_t i = 1; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        if (layer->source_count != 1 || layer->sources[0] != i - 1 || layer->weights_of > 0 ||
            layer->aux || layer->op->form != CNN_FORM_LAYER) {
            return false;
        }
    }
    return net->output == net->layer_count - 1;
}

bool cnn_code_padding(const cnn_layer *layer, bool inner, int64_t *low, int64_t *high)
{
    bool any = false;
    for (int32_t i = 0; i < layer->in.axes; i++) {
        low[i] = layer->pad_low[i];
        high[i] = layer->pad_high[i];
        /* with `inner`, padding that is the same on both sides is the layer's own */
        any = any || (inner ? low[i] != high[i] : low[i] != 0 || high[i] != 0);
    }
    return any;
}

bool cnn_code_is_pixels(const cnn_layer *layer)
{
    const cnn_text name = cnn_text_of(layer->op->name);
    return cnn_text_is(name, "pixshuf") || cnn_text_is(name, "pixunshuf");
}

bool cnn_code_refuse(const cnn_layer *layer, const char *framework, cnn_error *err)
{
    const cnn_op *op = layer->op; /* a kind without a word is described */
    const char *what = op->form == CNN_FORM_INNER && op->brief != NULL ? op->brief : op->name;
    return cnn_fail_words(err, CNN_E_NO_CODE, layer->span, cnn_text_of(what),
                          cnn_text_of(framework));
}

/* A layer of a plain list of Python, whose parameters PyTorch does not count. */
static bool is_foreign(const cnn_layer *layer)
{
    /* it would have parameters, but none are counted */
    const bool learns = layer->macs > 0 || layer->op->role == CNN_ROLE_SCALE ||
                        (layer->op->affine && layer->attrs->value[CNN_BIAS][0] != 0);
    return layer->op->cost != NULL && learns && layer->weights_of == 0 &&
           layer->weights + layer->biases == 0;
}

bool cnn_code_check_list(const cnn_network *net, cnn_error *err)
{
    for (int32_t i = 1; i < net->layer_count; i++) {
        const cnn_op *op = net->layers[i].op;
        if (is_foreign(&net->layers[i])) {
            return cnn_fail_words(err, CNN_E_NO_CODE, net->layers[i].span,
                                  cnn_text_of("a layer whose parameters are not counted"),
                                  cnn_text_of("the language"));
        }
        if (op->form == CNN_FORM_INNER && op != &cnn_op_part && op != &cnn_op_input) {
            return cnn_code_refuse(&net->layers[i], "the language", err);
        }
    }
    return true;
}
