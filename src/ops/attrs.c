/* The attributes of layers: one table, and what every kind does with them alike. */
#include "ops/op.h"

const cnn_attr_name cnn_attr_names[CNN_ATTRS] = {
    [CNN_SIZE] = {"", "", "size"},
    [CNN_CHANNELS] = {"", "", "number of channels"},
    [CNN_STRIDE] = {"s", "stride", "stride"},
    [CNN_PAD] = {"p", "pad padding", "padding"},
    [CNN_DILATION] = {"d", "dilation", "dilation"},
    [CNN_GROUPS] = {"g", "group groups", "number of groups"},
    [CNN_BIAS] = {"b", "bias", "bias"},
    [CNN_EXTRA] = {"op", "", "output padding"},
    [CNN_SAME] = {"same", "", "same"},
    [CNN_VALID] = {"valid", "", "valid"},
    [CNN_CEIL] = {"ceil", "", "ceil"},
};

const cnn_use cnn_no_use = {.need = CNN_NEVER};

int32_t cnn_op_numbers(const cnn_op *op, cnn_attr attr)
{
    const int32_t numbers = cnn_use_of(op, attr)->numbers;
    return numbers > 0 ? numbers : 2;
}

bool cnn_site_fail(cnn_site *site, int32_t code, int64_t n0, int64_t n1)
{
    return cnn_fail_numbers(site->err, code, site->layer->span, n0, n1);
}

bool cnn_site_overflow(cnn_site *site, const char *what)
{
    return cnn_fail_words(site->err, CNN_E_OVERFLOW, site->layer->span, cnn_text_of(what),
                          (cnn_text){0});
}

bool cnn_site_map(cnn_site *site)
{
    if (site->in->axes > 0) {
        return true;
    }
    site->err->word[0] = cnn_text_of(site->layer->op->name);
    return cnn_site_fail(site, CNN_E_NEEDS_MAP, site->in->channels, 0);
}

bool cnn_shape_same(cnn_site *site)
{
    site->layer->out = *site->in;
    return true;
}
