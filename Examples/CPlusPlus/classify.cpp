// Says what pictures show.   classify MODEL.slet PICTURE...
#include <cstdio>
#include <swiftlet.hpp>

int main(int argc, char **argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: classify MODEL.slet PICTURE...\n");
        return 2;
    }
    try {
        swiftlet::Model model(argv[1]);
        swiftlet::Session session(model, 2);
        for (int i = 2; i < argc; i++) {
            for (const swiftlet::Prediction &guess : session.classify(argv[i])) {
                std::printf("%s %.6f\n", guess.label.c_str(), guess.probability);
            }
        }
    } catch (const swiftlet::Error &error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
