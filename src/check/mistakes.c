/* The catalogue: all families of mistakes, and their formulas in the letters of the working. */
#include <string.h>

#include "check/mistake.h"

static const cnn_mistake_family *const families[] = {
    &cnn_mistakes_window, &cnn_mistakes_depth, &cnn_mistakes_weights, &cnn_mistakes_flat,
    &cnn_mistakes_params, &cnn_mistakes_work,  &cnn_mistakes_field,   &cnn_mistakes_tools,
};

size_t cnn_mistake_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < CNN_LENGTH(families); i++) {
        count += families[i]->count;
    }
    return count;
}

const cnn_mistake *cnn_mistake_at(size_t place)
{
    size_t family = 0;
    while (place >= families[family]->count) {
        place -= families[family++]->count;
    }
    return &families[family]->rows[place];
}

size_t cnn_mistake_place(const cnn_mistake *mistake)
{
    size_t place = 0;
    for (size_t i = 0; i < CNN_LENGTH(families); i++) {
        const uintptr_t at = (uintptr_t)mistake, first = (uintptr_t)families[i]->rows;
        if (at >= first && at - first < families[i]->count * sizeof(cnn_mistake)) {
            return place + (at - first) / sizeof(cnn_mistake);
        }
        place += families[i]->count;
    }
    return place; /* it is none of the catalogue */
}

bool cnn_mistake_concerns(const cnn_mistake *mistake, const cnn_quantity *what)
{
    return cnn_text_among(cnn_text_of(what->name), mistake->of);
}

const cnn_layer *cnn_layer_before(const cnn_layer *layers, const cnn_layer *layer)
{
    do {
        layer = &layers[layer->sources[0]];
    } while (layer->source_count == 1 && layer->op->in_place);
    return layer;
}

/* ---- formulas ---- */

/* The parts of a count's formula. */
typedef struct parts {
    const char *weights, *biases, *macs;
} parts;

static bool is_composed(const cnn_mistake *m)
{
    return m->count != NULL && (m->weights != NULL || m->features != NULL || m->biases != NULL);
}

static parts parts_of(const cnn_mistake *m, const cnn_layer *layer)
{
    const uint32_t role = layer != NULL ? 1u << cnn_role_of(layer) : m->where;
    const bool dense = (role & CNN_CONVS) == 0;
    const bool grouped = layer != NULL && !dense && cnn_groups(layer) > 1;
    const bool vector = layer != NULL && layer->in.axes == 0;
    parts p = {.weights = dense     ? vector ? "n*N" : "C*H*W*N"
                          : grouped ? "(C/g)*N*kh*kw"
                                    : "C*N*kh*kw",
               .biases = layer != NULL && layer->biases == 0 ? "" : "N",
               .macs = dense                              ? ""
                       : (role & CNN_IS(TRANSPOSED)) != 0 ? "*H*W"
                                                          : "*Ho*Wo"};
    const char *own = dense ? m->features : m->weights;
    p.weights = own != NULL ? own : p.weights;
    p.biases = m->biases != NULL ? m->biases : p.biases;
    return p;
}

/* A formula with the sides that the layer's map has. */
static void put_sides(cnn_out *out, const char *formula, const cnn_layer *layer)
{
    static const struct {
        const char *map, *row, *block;
    } products[] = {{"kh*kw", "kw", "kd*kh*kw"},
                    {"eh*ew", "ew", "ed*eh*ew"},
                    {"Ho*Wo", "Wo", "Do*Ho*Wo"},
                    {"H*W", "W", "D*H*W"},
                    {"3*3", "3", "3*3*3"}};
    const int32_t axes = layer != NULL && layer->in.axes > 0 ? layer->in.axes : 2;
    for (const char *c = formula; *c != '\0';) {
        size_t i = 0, size = 1;
        while (i < CNN_LENGTH(products) &&
               strncmp(c, products[i].map, strlen(products[i].map)) != 0) {
            i++;
        }
        if (axes == 2 || i == CNN_LENGTH(products)) {
            cnn_out_char(out, *c);
        } else {
            cnn_out_string(out, axes == 1 ? products[i].row : products[i].block);
            size = strlen(products[i].map);
        }
        c += size;
    }
}

static void put_composed(cnn_out *out, const parts *p, const char *quantity, const cnn_layer *layer)
{
    if (strcmp(quantity, "biases") == 0) {
        cnn_out_string(out, p->biases[0] != '\0' ? p->biases : "0");
        return;
    }
    const bool flops = strcmp(quantity, "flops") == 0;
    const bool work = flops || strcmp(quantity, "macs") == 0;
    cnn_out_string(out, flops ? "2*" : "");
    put_sides(out, p->weights, layer);
    put_sides(out, work ? p->macs : "", layer);
    if (strcmp(quantity, "params") == 0 && p->biases[0] != '\0') {
        cnn_out_string(out, " + ");
        put_sides(out, p->biases, layer);
    }
}

bool cnn_mistake_put_formula(cnn_out *out, const cnn_mistake *m, const cnn_layer *layer,
                             const cnn_quantity *what)
{
    const bool dense = layer != NULL && cnn_is_dense(layer);
    const bool transposed = layer != NULL && layer->op->role == CNN_ROLE_TRANSPOSED;
    if (m->macs != NULL && what != NULL) {
        cnn_out_string(out, strcmp(what->name, "flops") == 0 ? "2*" : "");
        put_sides(out, dense ? m->features : m->macs, layer);
        return true;
    }
    if (what != NULL && is_composed(m)) {
        const parts p = parts_of(m, layer);
        put_composed(out, &p, what->name, layer);
        return true;
    }
    const char *formula = transposed && m->transposed != NULL ? m->transposed : m->formula;
    formula = m->of != NULL && dense && m->features != NULL ? m->features : formula;
    if (formula == NULL) {
        return false;
    }
    put_sides(out, formula, layer);
    return true;
}
