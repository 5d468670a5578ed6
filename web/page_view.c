/* The network as the page shows it: JSON, with the places of all rows in the text. Numbers are
 * strings, because JavaScript's own are exact only up to 2^53. */
#include <string.h>

#include "page.h"

static void put(cnn_writer *to, const char *string)
{
    to->write(to->user, string, strlen(string));
}

static cnn_text text_of(const char *string)
{
    return (cnn_text){string, strlen(string)};
}

static void put_int(cnn_writer *to, int64_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) {
        digits[--at] = '-';
    }
    to->write(to->user, digits + at, sizeof digits - at);
}

/* Writes text as the inside of a JSON string; for other functions it is a writer. */
static bool put_escaped(void *user, const char *data, size_t size)
{
    static const char hex[] = "0123456789abcdef";
    cnn_writer *to = user;
    for (size_t i = 0; i < size; i++) {
        const unsigned char c = (unsigned char)data[i];
        if (c < 0x20) {
            const char escape[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            to->write(to->user, escape, sizeof escape);
            continue;
        }
        if (c == '"' || c == '\\') {
            to->write(to->user, "\\", 1);
        }
        to->write(to->user, &data[i], 1);
    }
    return true;
}

static void put_text(cnn_writer *to, const char *key, cnn_text text)
{
    put(to, key);
    put(to, "\"");
    put_escaped(to, text.data, text.size);
    put(to, "\"");
}

static void put_key(cnn_writer *to, const char *key, int64_t value)
{
    put(to, key);
    put(to, "\"");
    put_int(to, value);
    put(to, "\"");
}

static void put_list(cnn_writer *to, const char *key, const int64_t *values, int32_t count)
{
    put(to, key);
    for (int32_t i = 0; i < count; i++) {
        put(to, i == 0 ? "[" : ",");
        put_int(to, values[i]);
    }
    put(to, count > 0 ? "]" : "[]");
}

static void put_shape(cnn_writer *to, const char *key, const cnn_shape *shape)
{
    int64_t sizes[1 + CNN_AXES] = {shape->channels};
    memcpy(sizes + 1, shape->side, sizeof shape->side);
    put_list(to, key, sizes, 1 + shape->axes);
}

static void put_span(cnn_writer *to, cnn_span span)
{
    put(to, "\"begin\":");
    put_int(to, span.begin);
    put(to, ",\"end\":");
    put_int(to, span.end);
}

/* What a window does, as far as the layer's text and its input decide it. */
static void put_window(cnn_writer *to, const cnn_layer *layer)
{
    const int32_t axes = layer->in.axes;
    const cnn_attrs *a = layer->attrs;
    if (a == NULL || axes == 0) {
        return;
    }
    put_list(to, ",\"kernel\":", a->value[CNN_SIZE], axes);
    put_list(to, ",\"stride\":", a->value[CNN_STRIDE], axes);
    put_list(to, ",\"dilation\":", a->value[CNN_DILATION], axes);
    put_list(to, ",\"low\":", layer->pad_low, axes);
    put_list(to, ",\"high\":", layer->pad_high, axes);
}

/* A row is an item of the list, or one layer. */
typedef struct view_row {
    int32_t first, end, number;
    bool whole;
} view_row;

static void put_name(cnn_writer *to, const cnn_network *net, const view_row *row)
{
    const cnn_layer *layer = &net->layers[row->first];
    cnn_writer escaped = {put_escaped, to};
    if (row->whole) {
        const cnn_span span = layer->item->span;
        put_text(to, ",\"name\":", (cnn_text){net->text.data + span.begin, span.end - span.begin});
        put_text(to, ",\"label\":", layer->item->label);
        put_text(to, ",\"kind\":", (cnn_text){0});
        return;
    }
    put(to, ",\"name\":\"");
    cnn_layer_write(layer, &escaped);
    put(to, "\"");
    put_text(to, ",\"label\":", layer->label);
    const char *kind = cnn_op_name(layer->op);
    put_text(to, ",\"kind\":", text_of(kind));
    put_window(to, layer);
}

static void put_row(cnn_writer *to, const cnn_network *net, const view_row *row)
{
    const cnn_layer *first = &net->layers[row->first], *last = &net->layers[row->end - 1];
    const bool item = row->whole || (first->item != NULL && first->item->end == row->end &&
                                     first->item->first == row->first);
    int64_t params = 0, macs = 0; /* parts of totals that fit */
    bool aux = true;
    for (int32_t i = row->first; i < row->end; i++) {
        params += net->layers[i].weights + net->layers[i].biases;
        macs += net->layers[i].macs;
        aux = aux && net->layers[i].aux;
    }
    put(to, "{");
    put_span(to, item ? first->item->span : first->span);
    put(to, ",\"number\":");
    put_int(to, row->number);
    put(to, ",\"first\":");
    put_int(to, row->first - net->input_count + 1);
    put(to, ",\"last\":");
    put_int(to, row->end - net->input_count);
    put_name(to, net, row);
    put(to, ",\"path\":\"");
    cnn_writer escaped = {put_escaped, to};
    if (!row->whole) {
        cnn_path_write(first->path, &escaped);
    }
    put(to, aux ? "\",\"aux\":true" : "\",\"aux\":false");
    put_shape(to, ",\"in\":", &first->in);
    put_shape(to, ",\"out\":", &last->out);
    put_key(to, ",\"params\":", params);
    put_key(to, ",\"macs\":", macs);
    put(to, "}");
}

static void put_pasted(cnn_writer *to, const cnn_pasted *pasted)
{
    put_text(to, ",\"dialect\":", text_of(pasted->dialect));
    put(to, ",\"mismatches\":[");
    for (const cnn_mismatch *m = pasted->mismatches; m != NULL; m = m->next) {
        put(to, m == pasted->mismatches ? "{" : ",{");
        put_span(to, m->span);
        put_text(to, ",\"layer\":", m->layer);
        put_text(to, ",\"kind\":", text_of(m->kind));
        put_key(to, ",\"declared\":", m->declared);
        put_key(to, ",\"enters\":", m->enters);
        put_key(to, ",\"write\":", m->write);
        put_text(to, ",\"code\":", m->code);
        put_text(to, ",\"cause\":", m->cause);
        put(to, "}");
    }
    put(to, "]");
}

void page_view(const cnn_network *net, bool every_layer, int32_t most, cnn_writer *to)
{
    const cnn_totals *t = &net->totals;
    view_row row = {.end = net->input_count};
    put_shape(to, "{\"input\":", &net->layers[0].out);
    put(to, ",\"rows\":[");
    while (row.end < net->layer_count) {
        const cnn_layer *layer = &net->layers[row.end];
        row.first = row.end;
        row.whole = layer->item != NULL && layer->item->composite && !every_layer;
        row.end = row.whole ? layer->item->end : row.first + 1;
        row.number++;
        if (row.number <= most) {
            put(to, row.number > 1 ? ",\n" : "\n");
            put_row(to, net, &row);
        }
    }
    put(to, "],\"count\":");
    put_int(to, row.number);
    put_key(to, ",\"layers\":", net->layer_count - net->input_count);
    put_shape(to, ",\"output\":", &net->layers[net->output].out);
    put_key(to, ",\"params\":", t->params);
    put_key(to, ",\"weights\":", t->weights);
    put_key(to, ",\"biases\":", t->biases);
    put_key(to, ",\"statistics\":", t->statistics);
    put_key(to, ",\"macs\":", t->macs);
    if (net->pasted != NULL) {
        put_pasted(to, net->pasted);
    }
    put(to, "}\n");
}

/* The built-in networks, and the words of the language. */
void page_words(cnn_writer *to)
{
    put(to, "{\"networks\":[");
    const cnn_example *network;
    for (size_t i = 0; (network = cnn_example_at(i)) != NULL; i++) {
        put_text(to, i > 0 ? ",\n{\"name\":" : "{\"name\":", text_of(network->name));
        put_text(to, ",\"brief\":", text_of(network->brief));
        put_text(to, ",\"list\":", network->text);
        put(to, "}");
    }
    put(to, "],\"words\":[");
    cnn_vocable word;
    for (size_t at = 0, first = 1; cnn_vocable_next(&at, &word); first = 0) {
        put_text(to, first ? "{\"word\":" : ",\n{\"word\":", text_of(word.name));
        put_text(to, ",\"brief\":", text_of(word.brief));
        put_text(to, ",\"example\":", word.example != NULL ? text_of(word.example) : (cnn_text){0});
        put(to, "}");
    }
    put(to, "]}\n");
}
