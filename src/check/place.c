/* From a name to the part of a network that it means. */
#include "base/arena.h"
#include "check/ordinal.h"
#include "check/reading.h"
#include "net/network.h"

cnn_layer_names *cnn_claims_names(cnn_claims *claims, const cnn_network *net, cnn_error *err)
{
    if (claims->names == NULL) {
        cnn_layer_names *names = CNN_NEW(claims->arena, cnn_layer_names);
        if (names == NULL || !cnn_layer_names_make(names, net, claims->arena)) {
            (void)cnn_fail_memory(err);
            return NULL;
        }
        claims->names = names;
    }
    return claims->names;
}

/* ---- comparing with what the network writes ---- */

/* What is written against a path. */
typedef struct comparison {
    cnn_text rest;
    bool equal;
} comparison;

static bool compare(void *user, const char *data, size_t size)
{
    comparison *c = user;
    const size_t n = size < c->rest.size ? size : c->rest.size;
    c->equal =
        c->equal && n == size && cnn_text_same((cnn_text){c->rest.data, n}, (cnn_text){data, n});
    c->rest = cnn_text_skip(c->rest, n);
    return true;
}

static bool has_path(const cnn_layer *layer, cnn_text name)
{
    comparison c = {name, true};
    cnn_writer to = {compare, &c};
    return layer->path != NULL && cnn_path_write(layer->path, &to) && c.equal && c.rest.size == 0;
}

/* ---- one kind of name after the other ---- */

static bool read_number(cnn_text text, int64_t *out)
{
    cnn_amount amount;
    cnn_error ignored = {0};
    text = cnn_text_trim(text);
    const bool read = cnn_amount_read(&text, CNN_FIGURES_BARE, text, &amount, &ignored) &&
                      text.size == 0 && amount.den == 1 && amount.step == 0 && amount.num >= 0;
    *out = read ? amount.num : -1;
    return read;
}

bool cnn_place_index(const cnn_network *net, int64_t index, bool layers, cnn_subject *out)
{
    if (index == 0 || layers) {
        *out = cnn_subject_layer((int32_t)(index < net->layer_count ? index : 0));
        return index < net->layer_count;
    }
    for (int32_t at = 1, number = 0; cnn_subject_next(net, false, &at, &number, out);) {
        if (number == index) {
            return true;
        }
    }
    return false;
}

/* Whether a text ends with the parenthesis that closes one before it. */
static bool closes_at_end(cnn_text text)
{
    int32_t depth = 1;
    size_t i = 0;
    while (i < text.size && depth > 0) {
        depth += (text.data[i] == '(') - (text.data[i] == ')');
        i++;
    }
    return depth == 0 && i == text.size;
}

/* "layer 2 (conv3-64)", "row 1 (stem)": as they are printed. */
static bool printed(const cnn_network *net, cnn_text name, cnn_subject *out)
{
    const bool layer = cnn_text_begins(name, "layer "), row = cnn_text_begins(name, "row ");
    if (!layer && !row) {
        return false;
    }
    cnn_text rest = cnn_text_skip(name, layer ? 6 : 4);
    int64_t index;
    const cnn_text number = cnn_text_split(&rest, '(');
    return (rest.size == 0 || closes_at_end(rest)) && read_number(number, &index) &&
           cnn_place_index(net, index, layer, out);
}

static bool titled(const cnn_network *net, cnn_text name, cnn_subject *out)
{
    static const char *const totals[] = {"total", "sum", "all", "summe", "gesamt", "insgesamt"};
    *out = cnn_subject_total(net);
    out->without_aux = cnn_text_is(name, "without aux") || cnn_text_is(name, "total without aux");
    if (cnn_text_is(name, "input")) {
        *out = cnn_subject_layer(0);
        return true;
    }
    bool total = out->without_aux;
    for (size_t i = 0; i < CNN_LENGTH(totals); i++) {
        total = total || cnn_text_is(name, totals[i]);
    }
    return total;
}

/* The item whose label it is. */
static cnn_subject labelled(const cnn_network *net, const cnn_layer *layer)
{
    int32_t at = layer->item->first, number = 0;
    cnn_subject of;
    (void)cnn_subject_next(net, false, &at, &number, &of);
    return of;
}

static void add(cnn_place *place, cnn_subject of)
{
    if (place->found > 0 && place->of.first == of.first && place->of.end == of.end) {
        return;
    }
    *(place->found == 0 ? &place->of : &place->other) = of;
    place->found += place->found < 2;
}

/* Labels of items, then paths, which layers inside items have. */
static cnn_place by_label(const cnn_layer_names *names, cnn_text name, int64_t *steps)
{
    const cnn_network *net = names->net;
    cnn_place place = {0};
    const cnn_name *label = cnn_names_find(&names->items, name);
    if (label != NULL) {
        add(&place, labelled(net, &net->layers[label->number]));
        return place;
    }
    for (int32_t i = net->input_count;
         i<net->layer_count && * steps> 0 && net->layers[i].item != NULL; i++, --*steps) {
        if (has_path(&net->layers[i], name)) {
            add(&place, cnn_subject_layer(i));
        }
    }
    return place;
}

/* The next layer of that text after `from`, around the end. */
static cnn_place by_text(cnn_layer_names *names, cnn_text name, int32_t from)
{
    cnn_place place = {0};
    const int32_t at = cnn_layer_named(names, name, from);
    if (at > 0) {
        add(&place, cnn_subject_layer(at));
    }
    return place;
}

/* The next layer of the only text that begins so; of two texts a layer each. */
static cnn_place by_beginning(cnn_layer_names *names, cnn_text name, int32_t from, int64_t *steps)
{
    cnn_place place = {0};
    for (int32_t i = 0; i<names->count && * steps> 0 && place.found < 2; i++, --*steps) {
        if (cnn_layer_like(&names->net->layers[names->texts[i]], name) != CNN_UNLIKE) {
            add(&place, cnn_subject_layer(names->texts[i]));
        }
    }
    if (place.found == 1) {
        place.of = cnn_subject_layer(cnn_layer_names_next(names, place.of.first, from));
    }
    return place;
}

/* "conv2", "POOL1": where nothing has a label. */
static cnn_place by_ordinal(const cnn_layer_names *names, cnn_text name, int32_t from,
                            int64_t *steps)
{
    cnn_place place = {0};
    if (names->items.root != NULL || *steps <= 0) {
        return place;
    }
    const int32_t at = cnn_layer_by_ordinal(names->net, name, from);
    *steps -= at > from ? at - from : names->net->layer_count;
    if (at > 0) {
        add(&place, cnn_subject_layer(at));
    }
    return place;
}

cnn_place cnn_place_find(cnn_layer_names *names, cnn_text name, int32_t from, int64_t *steps)
{
    const cnn_network *net = names->net;
    cnn_place place = {.found = 1};
    int64_t index;
    name = cnn_text_trim(name);
    if (name.size == 0) {
        place.found = 0;
        return place;
    }
    if (titled(net, name, &place.of) || printed(net, name, &place.of)) {
        return place;
    }
    place = by_text(names, name, from);
    place = place.found > 0 ? place : by_label(names, name, steps);
    place = place.found > 0 ? place : by_beginning(names, name, from, steps);
    /* Rows that go on in a sheet number their layers, where several begin so, or one before them:
     * CONV5 after CONV4 is no conv5-256 at the beginning. */
    const bool back = place.found == 1 && cnn_subject_single(&place.of) && place.of.first < from;
    if (place.found == 0 || (from > 1 && (place.found > 1 || back))) {
        const cnn_place numbered = by_ordinal(names, name, from, steps);
        const bool better = numbered.found > 0 && (!back || numbered.of.first >= from);
        place = better ? numbered : place;
    }
    if (place.found == 0 && read_number(name, &index)) {
        place.found = cnn_place_index(net, index, true, &place.of);
    }
    return place;
}
