// What swiftlet.hpp adds to swiftlet.h.   wrapper_test MODEL.slet PICTURE.jpg
// The last line counts the checks.
#include <swiftlet.hpp>

#include "check.h"

#include <type_traits>

template <typename Body> static swiftlet_error code_of(Body body) {
    try {
        body();
        return SWIFTLET_OK;
    } catch (const swiftlet::Error &error) {
        CHECK(std::string(error.what()).size() > 5);
        return error.code();
    }
}

static_assert(!std::is_copy_constructible<swiftlet::Model>::value && std::is_nothrow_move_constructible<swiftlet::Model>::value, "moves");
static_assert(!std::is_copy_assignable<swiftlet::Session>::value && std::is_move_assignable<swiftlet::Session>::value, "moves");

static swiftlet::Session session_of(const std::string &path) {
    swiftlet::Model model(path);
    return swiftlet::Session(model, 2); // outlives its model
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    swiftlet::Model model(argv[1]);
    swiftlet::InputShape shape = model.input_shape();
    CHECK(shape.channels == 3 && shape.count() == static_cast<std::size_t>(3 * shape.height * shape.width));
    CHECK(!model.provenance().empty() && !model.name().empty() && !model.instruction_set().empty());
    CHECK(model.labels().empty() || model.labels().size() == static_cast<std::size_t>(model.class_count()));

    swiftlet::Session session = session_of(argv[1]);
    std::vector<swiftlet::Prediction> file = session.classify(argv[2], 3);
    CHECK(file.size() == 3 && file[0].label == model.label(file[0].index) && file[0].probability >= file[1].probability);
    CHECK(session.microseconds() > 0 && session.threads() >= 1);
    CHECK(session.classify(argv[2], 1 << 30).size() == static_cast<std::size_t>(model.class_count()));
    std::vector<uint8_t> gray(32 * 32, 77), color(32 * 32 * 3, 77);
    std::vector<swiftlet::Prediction> one = session.classify(swiftlet::Pixels{gray.data(), 32, 32, 32, SWIFTLET_GRAY});
    std::vector<swiftlet::Prediction> three = session.classify(swiftlet::Pixels{color.data(), 32, 32, 96, SWIFTLET_BGR});
    CHECK(one.size() == 5 && one[0].index == three[0].index && one[0].probability == three[0].probability);
    std::vector<float> logits = session.run(std::vector<float>(2 * shape.count(), 0.5f));
    CHECK(logits.size() == 2 * static_cast<std::size_t>(model.class_count()) && logits.front() == logits[logits.size() / 2]);

    swiftlet::Session moved = std::move(session);
    CHECK(moved.classify(argv[2], 3)[0].probability == file[0].probability);
    CHECK(code_of([&] { session.classify(argv[2]); }) == SWIFTLET_BAD_INPUT); // nothing is left in it
    CHECK(code_of([] { swiftlet::Model("no/such.slet"); }) == SWIFTLET_BAD_FILE);
    CHECK(code_of([] { swiftlet::Model(swiftlet::Bytes{"nothing", 7}); }) == SWIFTLET_BAD_FILE);
    CHECK(code_of([&] { moved.classify(swiftlet::Bytes{"nothing", 7}); }) == SWIFTLET_BAD_FILE);
    CHECK(code_of([&] { swiftlet::Session(model, 0); }) == SWIFTLET_BAD_INPUT);
    CHECK(code_of([&] { moved.classify("no.jpg"); }) == SWIFTLET_BAD_FILE);
    CHECK(code_of([&] { moved.classify(argv[2], 0); }) == SWIFTLET_BAD_INPUT);
    CHECK(code_of([&] { moved.run(std::vector<float>(7)); }) == SWIFTLET_BAD_INPUT);
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
