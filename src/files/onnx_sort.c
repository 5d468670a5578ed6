/*
 * Names as objects, and the order of nodes. Files by converters may have nodes before those they
 * read from; they are then visited depth first, with the path kept in the nodes themselves.
 */
#include "files/onnx.h"

/* The multiplier is 2^64 divided by the golden ratio (Knuth 6.4). */
static uint64_t hash_of(cnn_text text)
{
    uint64_t hash = text.size;
    for (size_t i = 0; i < text.size; i++) {
        hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return hash;
}

cnn_symbol *cnn_symbol_of(cnn_symbol **root, cnn_text text, cnn_arena *arena)
{
    cnn_symbol **place = root;
    /* A tree with four children for each node: two bits of the hash choose one. The hash is
     * rotated, so a chain deeper than 32 uses its bits again, and equal hashes still get nodes. */
    for (uint64_t hash = hash_of(text); *place != NULL; hash = hash >> 2 | hash << 62) {
        cnn_symbol *at = *place;
        if (at->text.size == text.size && memcmp(at->text.data, text.data, text.size) == 0) {
            return at;
        }
        place = &at->child[hash & 3];
    }
    *place = CNN_NEW(arena, cnn_symbol);
    if (*place != NULL) {
        (*place)->text = text;
    }
    return *place;
}

bool cnn_onnx_fail_node(cnn_error *err, int32_t code, const cnn_onnx_node *node, cnn_arena *arena)
{
    if (err->code != CNN_OK) {
        return false;
    }
    const cnn_onnx_name *out = node->outputs.first;
    const cnn_text op = node->op == NULL ? (cnn_text){0} : node->op->text;
    /* A node without a name is told by its first output. */
    const bool named = node->name.size > 0 || out == NULL || out->symbol == NULL;
    const cnn_text name = named ? node->name : out->symbol->text;
    const cnn_text parts[] = {op, cnn_text_of(named ? " '" : " that makes '"), name,
                              cnn_text_of("'")};
    size_t size = 0;
    for (size_t i = 0; i < CNN_LENGTH(parts); i++) {
        size += parts[i].size;
    }
    char *label = cnn_arena_take(arena, size + 1, 1);
    if (label == NULL) {
        return cnn_fail_memory(err);
    }
    err->word[0] = (cnn_text){label, size};
    for (size_t i = 0; i < CNN_LENGTH(parts); i++) {
        memcpy(label, parts[i].data == NULL ? "" : parts[i].data, parts[i].size);
        label += parts[i].size;
    }
    err->source = CNN_SOURCE_FILE;
    err->index = node->offset;
    return cnn_fail(err, code, (cnn_span){0, 0});
}

enum { NEW, OPEN, DONE, INSIDE }; /* INSIDE: the reads of its sub-graphs are looked at */

static bool find_makers(cnn_onnx_graph *graph, cnn_arena *arena, cnn_error *err)
{
    for (cnn_onnx_node *node = graph->first; node != NULL; node = node->next) {
        node->cursor = node->inputs.first;
        node->state = NEW;
        for (const cnn_onnx_name *n = node->outputs.first; n != NULL; n = n->next) {
            if (n->symbol == NULL) {
                continue;
            }
            if (n->symbol->maker != NULL) {
                err->word[1] = n->symbol->text;
                return cnn_onnx_fail_node(err, CNN_E_MODEL_TWICE, node, arena);
            }
            n->symbol->maker = node;
        }
    }
    return true;
}

/* The symbols are shared with other graphs. */
static void forget_makers(const cnn_onnx_graph *graph)
{
    for (const cnn_onnx_node *node = graph->first; node != NULL; node = node->next) {
        for (const cnn_onnx_name *n = node->outputs.first; n != NULL; n = n->next) {
            if (n->symbol != NULL) {
                n->symbol->maker = NULL;
            }
        }
    }
}

/* The next node of this graph that `node` reads from; NULL: there are no more. */
static cnn_onnx_node *next_source(cnn_onnx_node *node)
{
    for (;;) {
        const cnn_onnx_name *name = node->cursor;
        if (name == NULL) {
            return NULL;
        }
        node->cursor = name->next;
        /* After its own inputs, a node depends on what its sub-graphs read from this graph. */
        if (node->cursor == NULL && node->state == OPEN) {
            node->cursor = node->reads.first;
            node->state = INSIDE;
        }
        if (name->symbol != NULL && name->symbol->maker != NULL) {
            return name->symbol->maker;
        }
    }
}

/* Appends `node` after all that it reads from. */
static bool visit(cnn_onnx_node *node, cnn_onnx_node ***tail, cnn_arena *arena, cnn_error *err)
{
    node->waiter = NULL;
    while (node != NULL) {
        if (node->state == NEW) {
            node->state = OPEN;
            if (node->cursor == NULL) {
                node->cursor = node->reads.first;
                node->state = INSIDE;
            }
        }
        cnn_onnx_node *source = next_source(node);
        if (source == NULL) {
            node->state = DONE;
            **tail = node;
            *tail = &node->after;
            node = node->waiter;
        } else if (source->state == NEW) {
            source->waiter = node;
            node = source;
            /* A source that is still open waits for this node: a cycle. */
        } else if (source->state != DONE) {
            return cnn_onnx_fail_node(err, CNN_E_MODEL_CYCLE, node, arena);
        }
    }
    return true;
}

bool cnn_onnx_sort(cnn_onnx_graph *graph, cnn_arena *arena, cnn_error *err)
{
    if (graph->sorted) {
        return true;
    }
    bool done = find_makers(graph, arena, err);
    cnn_onnx_node **tail = &graph->order;
    for (cnn_onnx_node *node = graph->first; done && node != NULL; node = node->next) {
        done = node->state == DONE || visit(node, &tail, arena, err);
    }
    forget_makers(graph);
    *tail = NULL;
    graph->sorted = done;
    return done;
}
